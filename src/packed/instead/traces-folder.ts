/**
 * What `overview/traces-folder.ts` is in a checkout, in the package: the shipped traces are hundreds of small files, and lie
 * in one. Whoever loads this module needs them: they are unpacked into a folder that is removed in the end.
 */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { brotliDecompressSync } from 'node:zlib';
import type * as checkout from '../../overview/traces-folder.ts';

const TRACES = pathToFileURL(unpacked());

function unpacked(): string {
  const folder = mkdtempSync(join(tmpdir(), 'ipsecha-traces-'));
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
  const packed = brotliDecompressSync(readFileSync(new URL('traces.json.br', import.meta.url)));
  const files = JSON.parse(packed.toString()) as Readonly<Record<string, string>>;
  for (const [name, content] of Object.entries(files)) {
    const path = join(folder, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, Buffer.from(content, 'base64'));
  }
  return `${folder}/`;
}

export { TRACES };

({ TRACES }) satisfies typeof checkout;
