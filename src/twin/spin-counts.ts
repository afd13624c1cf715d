/** What SPIN counts of the twin. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { panOf, type SpinCounts, spinCounts } from '../explore/bench/spin.ts';
import { promela, type TwinOptions } from './promela.ts';

/** Bytes of a state at most, and the logarithm of the slots for states. */
const STATE_BYTES = 4096;
const SLOT_BITS = 20;

/** @throws Error if SPIN or the compiler cannot be run, or do not come to an end as they should */
export function spinOf(options: TwinOptions): SpinCounts {
  const directory = mkdtempSync(join(tmpdir(), 'ipsecha-twin-'));
  try {
    writeFileSync(join(directory, 'twin.pml'), promela(options));
    const pan = panOf('twin.pml', directory, { flags: ['-O0', `-DVECTORSZ=${STATE_BYTES}`] });
    if (typeof pan === 'string') throw new Error(pan);
    const [command = '', ...flags] = pan;
    const { stdout, stderr } = spawnSync(command, [...flags, `-w${SLOT_BITS}`, '-m100000'], {
      cwd: directory,
      encoding: 'utf8',
    });
    return spinCounts(`${stdout}${stderr}`);
  } finally {
    rmSync(directory, { recursive: true });
  }
}
