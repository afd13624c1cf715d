/**
 * All attacks, as a table: `npm run attack`, or with words that their names have, `npm run attack -- clock`. Ends in 1
 * if one of them has a verdict that it must not have.
 */
import { attacks } from './attacks.ts';
import { type Outcome, outcomeOf } from './run.ts';

const words = process.argv.slice(2);
const chosen = attacks.filter(
  ({ name, kind }) => words.length === 0 || words.some((word) => `${kind} ${name}`.includes(word)),
);
const wide = Math.max(...chosen.map(({ name }) => name.length));
const outcomes: Outcome[] = [];
for (const attack of chosen) {
  const outcome = await outcomeOf(attack);
  outcomes.push(outcome);
  const [because = ''] = outcome.because.split('\n');
  process.stdout.write(
    `${outcome.isRight ? 'ok   ' : 'WRONG'}  ${attack.kind.padEnd(9)}  ${attack.name.padEnd(wide)}  ${outcome.said.padEnd(12)}  ${because.slice(0, 140)}\n`,
  );
}
const wrong = outcomes.filter(({ isRight }) => !isRight);
const believed = outcomes.filter(({ attack, said }) => said === 'holds' && attack.right !== 'holds');
process.stdout.write(
  `\n${outcomes.length} files: ${believed.length} of them believed wrongly, ${wrong.length} not said rightly\n`,
);
process.exitCode = wrong.length > 0 ? 1 : 0;
