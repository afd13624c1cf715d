import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['{model,src,proofs,traces,docs}/**/*.test.ts'],
    exclude: ['dist/**', 'node_modules/**', 'docs/site/**'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // All cores; vitest itself would leave one idle, which of two is half.
    maxWorkers: '100%',
  },
});
