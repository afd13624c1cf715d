import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Begins with the longest files, so that no core waits for one of them at the end. */
class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const longest = [
      'prove/derived',
      'prove/certificates',
      'docs/findings',
      'cli/transcripts',
      'generate/scan',
      'questions/reductions',
      'explore/workers',
      'generate/generate',
      'questions/ablation',
      'explore/checkpoint',
      'explore/compact-states',
      'questions/interpretations',
      'cli/checkpoint',
      'cli/schemas',
      'traces/import-file',
    ];
    const rank = ({ moduleId }: TestSpecification): number => {
      const found = longest.findIndex((name) => moduleId.endsWith(`${name}.test.ts`));
      return found < 0 ? longest.length : found;
    };
    return (await super.sort(files)).toSorted((a, b) => rank(a) - rank(b));
  }
}

/**
 * What has no part small enough to be worth its while: the scan, readings one by one, work that is counted on large inputs, and searches that explore
 * the same systems again and again.
 */
const SWEEPS_ALONE = [
  'src/cli/matrix-weakest-shards.test.ts',
  'src/explore/compact-states.test.ts',
  'src/generate/scan.test.ts',
  'src/prove/certificates.test.ts',
  'src/questions/{interpretations,naive,weakest,workers}.test.ts',
  'src/traces/fuzz/work.test.ts',
];

/** It needs a browser: `npm run test:page`. */
const PAGE = 'src/web/browser/page.test.ts';

/** The tests that ask `src/testing/sweep.ts` how many cases to go through. */
const SWEEPS = [
  'docs/findings.test.ts',
  'model/machine/system.test.ts',
  'proofs/theorems.test.ts',
  'src/prove/{derived,infer}.test.ts',
  'src/questions/{ablation,reductions}.test.ts',
  'src/cli/transcripts.test.ts',
  'src/explore/reductions.test.ts',
  'src/generate/generate.test.ts',
  'src/overview/{ablation-record,golden}.test.ts',
  'src/traces/{from-model,fuzz/fuzz,import-file,mutated}.test.ts',
  'src/twin/twin.test.ts',
];

export default defineConfig(({ mode }) => ({
  test: {
    include:
      mode === 'page'
        ? [PAGE]
        : mode === 'sweeps'
          ? [...SWEEPS, ...SWEEPS_ALONE]
          : ['{model,src,proofs,traces,docs}/**/*.test.ts'],
    provide: { sweeps: mode === 'sweeps' },
    exclude: [
      'dist/**',
      'node_modules/**',
      'docs/site/**',
      ...(mode === 'sweeps' ? [] : SWEEPS_ALONE),
      ...(mode === 'page' ? [] : [PAGE]),
    ],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    globalSetup: mode === 'page' ? [] : ['src/cli/testing/build-once.ts'],
    // Hot loops that one file's tests had compiled serve the next one's: a fifth of the time of all.
    isolate: false,
    // All cores; vitest itself would leave one idle, which of two is half.
    maxWorkers: '100%',
    sequence: { sequencer: LongestFirst },
  },
}));
