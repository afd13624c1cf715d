#!/usr/bin/env node
// Runs the TypeScript sources as they are: no build step, so what is checked is what stands in model/.
import { register } from 'tsx/esm/api';

register();
const { main } = await import('./main.ts');
await main(process.argv);
