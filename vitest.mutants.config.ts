import { defineConfig } from 'vitest/config';

/**
 * The tests of `model/` as `npm run mutants` runs them: once for each mutant. Left out are those that read the sources,
 * which are not as written there; the random walks leave themselves out, for whether they kill a mutant would be chance.
 */
export default defineConfig({
  test: {
    include: ['model/**/*.test.ts'],
    exclude: ['model/purity.test.ts', 'model/catalogue.test.ts'],
    isolate: false,
  },
});
