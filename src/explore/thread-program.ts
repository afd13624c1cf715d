/** What a thread runs: a module that lies beside the one that starts it, in a checkout as in the package. */

/**
 * The text of a program that runs such a module; for `new Worker(text, { eval: true })`.
 *
 * @param starter the address of the module that starts it, `import.meta.url`
 * @param name of the module, without its ending
 * @param readsTypeScript whether the thread reads files of TypeScript whatever runs here; from source, any does
 */
export function threadProgram(starter: string, name: string, readsTypeScript = false): string {
  const isSource = starter.endsWith('.ts');
  const program = JSON.stringify(new URL(`./${name}.${isSource ? 'ts' : 'js'}`, starter).href);
  if (!isSource && !readsTypeScript) return `import(${program})`;
  const loader = JSON.stringify(import.meta.resolve('tsx/esm/api'));
  return `import(${loader}).then(({ register }) => { register(); return import(${program}); })`;
}
