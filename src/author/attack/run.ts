/** Runs an attack: its file is written, loaded and checked as any other. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Revision, recoveryFair, scenarios } from '../../../model/index.ts';
import { Unanswered } from '../../explore/defect.ts';
import { check, checkedProperties, settingsWith } from '../../questions/check.ts';
import { UsageError } from '../../questions/usage-error.ts';
import { ledgersOf } from '../ledger.ts';
import { ownPropertiesOf } from '../own.ts';
import { revisionOf } from '../revision-file.ts';
import type { Patience } from '../rule-thread.ts';
import { type Attack, BASE } from './attacks.ts';

export interface Outcome {
  readonly attack: Attack;
  /** What was said: a verdict, or that it was refused; and why. */
  readonly said: 'holds' | 'violated' | 'inconclusive' | 'refused' | 'an error of ours';
  readonly because: string;
  /** Whether that is right. */
  readonly isRight: boolean;
}

/** Less patience than usual, and enough for an honest file on a machine that has much else to do. */
const PATIENCE: Patience = { loading: 60_000, computing: 1_500, waiting: 10_000 };

/** What comes of an attack. */
export async function outcomeOf(attack: Attack): Promise<Outcome> {
  const folder = mkdtempSync(join(tmpdir(), 'attack-'));
  try {
    mkdirSync(folder, { recursive: true });
    const name = join(folder, 'attack.ts');
    writeFileSync(
      name,
      attack.text.replace('$BASE', () => BASE),
    );
    for (const [beside, text] of Object.entries(attack.beside ?? {}))
      writeFileSync(join(folder, beside), text);
    const { said, because } = await saidOf(name);
    const isRight =
      (said === attack.right ||
        (attack.right === 'nothing holds' && said !== 'holds' && said !== 'an error of ours')) &&
      (attack.says?.test(because) ?? true);
    return { attack, said, because: because.replaceAll(`${folder}/`, ''), isRight };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function saidOf(name: string): Promise<Pick<Outcome, 'said' | 'because'>> {
  let revision: Revision | undefined;
  try {
    revision = await revisionOf(name, PATIENCE);
    const scenario = scenarios.find((each) => each.name === 'single-failover');
    if (scenario === undefined) throw new RangeError('there is no such scenario');
    const settings = settingsWith(scenario.sizes.small, ['requests=1', 'bump=1'], revision);
    const { properties, verdict } = await check({
      revision,
      scenario,
      size: 'small',
      settings,
      seconds: 300,
      // With a network that replays, RFC 6311 need not recover.
      properties: [...checkedProperties, ...ownPropertiesOf([revision]).map(({ id }) => id)].filter(
        (id) => id !== recoveryFair.id,
      ),
    });
    const why = properties.find((property) => property.verdict === verdict);
    return { said: verdict, because: why?.because ?? '' };
  } catch (error) {
    if (error instanceof UsageError) return { said: 'refused', because: error.message };
    if (error instanceof Unanswered) return { said: 'refused', because: error.message };
    return {
      said: 'an error of ours',
      because: error instanceof Error ? (error.stack ?? error.message) : String(error),
    };
  } finally {
    for (const ledger of revision === undefined ? [] : ledgersOf(revision)) ledger.close();
  }
}
