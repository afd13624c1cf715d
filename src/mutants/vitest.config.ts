import { defineConfig } from 'vitest/config';

/**
 * The tests of `model/` as `npm run mutants` runs them: once for each mutant. Left out are those that read the sources,
 * which are not as written there; the random walks leave themselves out, for whether they kill a mutant would be chance.
 *
 * `stryker.config.json` has esbuild put the tests and what they share into `built`, since reading all files of `model/`
 * anew for each mutant would take most of the time.
 */
export default defineConfig({
  test: {
    include: ['built/**/*.test.js'],
    exclude: ['built/purity.test.js', 'built/catalogue.test.js'],
    isolate: false,
    testTimeout: 60_000,
  },
});
