#!/usr/bin/env node
// Runs what was built, where it is installed; in a checkout the TypeScript sources as they are, so that what is checked is what
// stands in model/.
import { existsSync } from 'node:fs';

try {
  const source = new URL('./main.ts', import.meta.url);
  const isSource = existsSync(source);
  if (isSource) (await import('tsx/esm/api')).register();
  const { main } = await import(isSource ? source.href : new URL('../../dist/main.js', import.meta.url).href);
  await main(process.argv);
} catch (error) {
  // Node itself would end in 1, which stands for a verdict.
  console.error(`ipsecha: it cannot be started: ${error instanceof Error ? error.message : error}`);
  process.exitCode = 2;
}
