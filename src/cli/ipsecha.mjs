#!/usr/bin/env node
// Runs the TypeScript sources as they are: no build step, so what is checked is what stands in model/.
try {
  const { register } = await import('tsx/esm/api');
  register();
  const { main } = await import('./main.ts');
  await main(process.argv);
} catch (error) {
  // Node itself would end in 1, which stands for a verdict.
  console.error(`ipsecha: it cannot be started: ${error instanceof Error ? error.message : error}`);
  process.exitCode = 2;
}
