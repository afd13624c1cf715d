/**
 * Files of revisions that would have a wrong verdict if the explorer believed them: rules that are no functions, values
 * that it cannot see, rules that never end, files that change what they run in. And honest ones, in unusual words, that
 * must not be refused.
 */

/** What may come of an attack. */
export type Right =
  /** The file or a rule of it is refused. */
  | 'refused'
  /** It ends, and nothing is said to hold. */
  | 'nothing holds'
  /** It is honest, and does what RFC 6311 does. */
  | 'holds'
  /** It is honest, and wrong: any sync request is accepted. */
  | 'violated';

export interface Attack {
  readonly name: string;
  readonly kind: 'impure' | 'invisible' | 'looping' | 'lying' | 'loading' | 'misspelt' | 'honest';
  /** The file; `$BASE` stands for `BASE`. */
  readonly text: string;
  /** Files beside it, by their names. */
  readonly beside?: Readonly<Record<string, string>>;
  readonly right: Right;
  /** What has to be said, beyond that. */
  readonly says?: RegExp;
}

/** What most attacks begin with. `real` is the rule, `bad` the same without its effect. */
export const BASE = `import { rfc6311 } from 'ipsecha/model';
const s: any = rfc6311.counterSync;
const real: any = s.isStale;
const bad = () => false;
const mine = (slots: any) => ({ ...rfc6311, name: 'mine', counterSync: { ...s, ...slots } });
`;

type Kind = Attack['kind'];

/** An attack whose `isStale` is this expression, after these statements. */
const rule =
  (kind: Kind, right: Right) =>
  (name: string, before: string, isStale: string, more: Partial<Attack> = {}): Attack => ({
    name,
    kind,
    right,
    text: `$BASE${before}\nexport default mine({ isStale: ${isStale} });\n`,
    ...more,
  });

const impure = rule('impure', 'refused');
const honest = rule('honest', 'holds');
const looping = rule('looping', 'nothing holds');
const lying = rule('lying', 'refused');

/** One whose `dropPending` puts something into the state. */
const hidden = (name: string, put: string, says = /counterSync\.dropPending returned/): Attack => ({
  name,
  kind: 'invisible',
  right: 'refused',
  says,
  text: `$BASE
export default mine({ dropPending: (sa: any, pending: any) => { const t = s.dropPending(sa, pending); ${put} } });
`,
});

/** A file as a whole. */
const file = (kind: Kind, name: string, text: string, more: Partial<Attack> = {}): Attack => ({
  name,
  kind,
  right: 'refused',
  text,
  ...more,
});

const AFTER = (count: string): string => `(...a: any[]) => (${count} ? real(...a) : false)`;

const IMPURE: readonly Attack[] = [
  impure('counts its calls, good for 100,000', 'let n = 0;', AFTER('n++ < 100000'), {
    says: /keeps something: n of/,
  }),
  impure('counts its calls, good for 10', 'let n = 0;', AFTER('n++ < 10'), { says: /counterSync\.isStale/ }),
  impure(
    'counts in a closure',
    'const make = () => { let n = 0; return (...a: any[]) => (n++ < 1e9 ? real(...a) : false); };',
    'make()',
  ),
  impure(
    'counts on itself',
    'const f: any = (...a: any[]) => (f.n++ < 1e9 ? real(...a) : false); f.n = 0;',
    'f',
  ),
  impure('counts on globalThis', '(globalThis as any).n = 0;', AFTER('(globalThis as any).n++ < 1e9')),
  impure(
    'counts in a Map',
    'const m = new Map([[1, 0]]);',
    AFTER('(m.set(1, m.get(1)! + 1), m.get(1)!) < 1e9'),
  ),
  impure('counts in a Set', 'const m = new Set<number>();', AFTER('m.add(m.size).size < 1e9')),
  impure('counts in an array', 'const m: number[] = [0];', AFTER('m[0]!++ < 1e9')),
  impure('counts in a record of records', 'const m = { a: { b: 0 } };', AFTER('m.a.b++ < 1e9')),
  impure(
    'counts in the environment',
    '',
    AFTER('Number((process.env.N = String(Number(process.env.N ?? 0) + 1))) < 1e9'),
  ),
  impure(
    'counts on Array.prototype',
    '',
    AFTER('((Array.prototype as any).n = ((Array.prototype as any).n ?? 0) + 1) < 1e9'),
  ),
  impure('counts on Math', '', AFTER('((Math as any).n = ((Math as any).n ?? 0) + 1) < 1e9')),
  impure('counts in a module beside it', "import { next } from './beside.ts';", AFTER('next() < 1e9'), {
    beside: { 'beside.ts': 'let n = 0;\nexport const next = () => n++;\n' },
  }),
  impure(
    'counts in a private field',
    'class C { #n = 0; next() { return this.#n++; } }\nconst c = new C();',
    AFTER('c.next() < 1e9'),
  ),
  impure(
    'counts in a generator',
    'function* g(): any { for (let n = 0; ; n++) yield n; }\nconst c = g();',
    AFTER('c.next().value < 1e9'),
  ),
  impure(
    'counts in a WeakMap',
    'const w = new WeakMap<object, number>(); const k = {};',
    AFTER('(w.set(k, (w.get(k) ?? 0) + 1), w.get(k)!) < 1e9'),
  ),
  impure('counts in a typed array', 'const m = new Int32Array(1);', AFTER('m[0]!++ < 1e9')),
  impure(
    'counts in shared memory',
    'const m = new Int32Array(new SharedArrayBuffer(4));',
    AFTER('Atomics.add(m, 0, 1) < 1e9'),
  ),
  impure(
    'counts in a regular expression',
    'const r = /x/g; const t = "x".repeat(1000000);',
    AFTER('r.test(t)'),
  ),
  impure(
    'counts in the position of a date',
    'const d = new Date(0);',
    AFTER('d.setTime(d.getTime() + 1) < 1e9'),
  ),
  impure(
    'counts behind a proxy',
    'const t = { n: 0 }; const p: any = new Proxy({}, { get: () => t.n++ });',
    AFTER('p.n < 1e9'),
  ),
  impure(
    'counts in a bound function',
    'function f(this: any, ...a: any[]) { return this.n++ < 1e9 ? real(...a) : false; }',
    'f.bind({ n: 0 })',
  ),
  impure(
    'keeps the arguments before',
    'let last: any;',
    '(sa: any, m1: any, c: any) => { const good = last === undefined || last <= m1; last = m1; return good ? real(sa, m1, c) : false; }',
  ),
  impure(
    'keeps what it was asked, and says no the second time',
    'const seen = new Set<string>();',
    '(...a: any[]) => { const k = JSON.stringify(a); const had = seen.has(k); seen.add(k); return had ? false : real(...a); }',
    { says: /counterSync\.isStale/ },
  ),
  impure('one time in a thousand', '', AFTER('Math.random() > 0.001'), { says: /asks for Math\.random/ }),
  impure('chance, taken while it is loaded', 'const { random } = Math;', AFTER('random() > 0.001'), {
    says: /Math\.random/,
  }),
  impure(
    'chance, drawn while it is loaded',
    'const chance = Math.random();',
    '(...a: any[]) => (a[1] % 2 === Math.floor(chance * 1e9) % 2 ? real(...a) : chance > 2)',
    { right: 'nothing holds' },
  ),
  impure('the clock: Date.now', '', AFTER('Date.now() % 1000 > 0'), { says: /Date\.now/ }),
  impure('the clock: new Date', '', AFTER('new Date().getMilliseconds() > 0'), { says: /the date/ }),
  impure('the clock: Date()', '', AFTER('Date().length > 0'), { says: /the date/ }),
  impure(
    'the clock: by the constructor of a date',
    'const D: any = new Date(0).constructor;',
    AFTER('new D().getTime() % 1000 > 0'),
    { says: /the date/ },
  ),
  impure('the clock: performance', '', AFTER('performance.now() % 1000 > 0'), { says: /performance/ }),
  impure('the clock: hrtime', '', AFTER('process.hrtime()[1] % 1000 > 0'), { says: /process\.hrtime/ }),
  impure('random bytes', "import { randomBytes } from 'node:crypto';", AFTER('randomBytes(1)[0]! > 0'), {
    says: /randomBytes/,
  }),
  impure('a random UUID', '', AFTER("crypto.randomUUID()[0] !== '0'"), { says: /crypto\.randomUUID/ }),
  impure(
    'a file',
    "import { readFileSync } from 'node:fs';",
    AFTER("readFileSync('/proc/uptime').length > 0"),
    { says: /readFileSync/ },
  ),
  impure('the environment', '', AFTER("process.env['BAD'] === undefined"), { says: /the environment/ }),
  impure(
    'the environment, taken while it is loaded',
    'const { env } = process;',
    AFTER("env['BAD'] === undefined"),
    { says: /the environment/ },
  ),
  impure('the memory in use', '', AFTER('process.memoryUsage().heapUsed % 1000 > 0'), {
    says: /memoryUsage/,
  }),
  impure(
    'which thread it is in',
    "import { threadId } from 'node:worker_threads';",
    AFTER('threadId > 1e9'),
    { right: 'nothing holds' },
  ),
  impure(
    'whether it is asked again',
    "import { workerData } from 'node:worker_threads';",
    AFTER('workerData.isFresh'),
    { right: 'nothing holds' },
  ),
  impure('who asks', '', AFTER("new Error().stack!.includes('serveAgain')"), { right: 'nothing holds' }),
  impure('a promise', '', 'async (...a: any[]) => real(...a)', { says: /an instance of Promise/ }),
  impure('a timer', '', '(...a: any[]) => { setTimeout(() => 1, 1); return real(...a); }', {
    says: /setTimeout/,
  }),
];

const INVISIBLE: readonly Attack[] = [
  hidden('a symbol key', "return { ...t, [Symbol('k')]: 1 };", /the key Symbol\(k\)/),
  hidden('a registered symbol', "return { ...t, [Symbol.for('k')]: 1 };", /the key Symbol\(k\)/),
  hidden(
    'a property that is not enumerable',
    "return Object.defineProperty({ ...t }, 'k', { value: 1 });",
    /not enumerable/,
  ),
  hidden('an accessor', 'return { ...t, get again() { return []; } };', /an accessor in \.again/),
  hidden(
    'a property of an array',
    'const again: any = [...t.again]; again.k = 1; return { ...t, again };',
    /the property k of an array/,
  ),
  hidden(
    'an accessor for an element',
    'const again: any = []; Object.defineProperty(again, 0, { enumerable: true, get: () => 1 }); return { ...t, again };',
    /an accessor in \.again\[0\]/,
  ),
  hidden(
    'a property in the place of a hole',
    'const again: any = new Array(1); again.k = 1; return { ...t, again };',
    /the property k of an array/,
  ),
  hidden('an array with holes', 'return { ...t, again: new Array(2) };', /an array with holes/),
  hidden(
    'an instance of a class',
    'class K { own = true; other = true; } return { ...t, announced: new K() };',
    /an instance of K/,
  ),
  hidden(
    'an array of a class',
    'class L extends Array {} return { ...t, again: new L() };',
    /array of a class/,
  ),
  hidden(
    'fields of a prototype',
    'return { ...t, announced: Object.create({ own: true, other: true }) };',
    /an instance of/,
  ),
  hidden('-0', 'return { ...t, highestSeen: -0 };', /-0, which looks like 0 in \.highestSeen/),
  hidden('NaN', 'return { ...t, highestSeen: 0 / 0 };', /NaN in \.highestSeen/),
  hidden('Infinity', 'return { ...t, highestSeen: 1 / 0 };', /Infinity in/),
  hidden('undefined', 'return { ...t, ikeSa: undefined };', /undefined in \.ikeSa/),
  hidden('a big integer', 'return { ...t, highestSeen: 1n };', /a bigint in/),
  hidden('a function', 'return { ...t, again: () => [] };', /a function in/),
  hidden('a Map', 'return { ...t, again: new Map() };', /an instance of Map/),
  hidden('a date', 'return { ...t, again: new Date(0) };', /an instance of Date/),
  hidden('a boxed text', "return { ...t, again: [new String('x')] };", /an instance of String/),
  hidden('itself', 'const u: any = { ...t }; u.announced = u; return u;', /itself/),
  hidden('a field of its own', 'return { ...t, k: 1 };', /the field k, which there is not/),
  hidden(
    'a field of its own, further in',
    'return { ...t, announced: { ...t.announced, k: 1 } };',
    /the field announced\.k/,
  ),
  file(
    'invisible',
    'a symbol that only the rule asks for',
    "$BASEconst k = Symbol('k');\nexport default mine({ isStale: (sa: any, m1: any, c: any) => (sa[k] ? false : real(sa, m1, c)) });\n",
    { says: /asks for Symbol\(k\)/ },
  ),
  file(
    'invisible',
    'a symbol, with Reflect.ownKeys replaced',
    "$BASEReflect.ownKeys = Object.keys as any; Object.getOwnPropertySymbols = () => [];\nexport default mine({ dropPending: (sa: any, p: any) => ({ ...s.dropPending(sa, p), [Symbol('k')]: 1 }) });\n",
  ),
];

const LOOPING: readonly Attack[] = [
  looping('a loop', '', '() => { for (;;) {} }', { says: /counterSync\.isStale has not answered/ }),
  looping('a loop, now and then', '', '(...a: any[]) => { if (a[1] > 1) for (;;) {} return real(...a); }', {
    says: /counterSync\.isStale has not answered/,
  }),
  looping(
    'a regular expression',
    "const t = 'a'.repeat(40) + 'b';",
    '(...a: any[]) => (/^(a+)+$/.test(t) ? false : real(...a))',
    { says: /has not answered/ },
  ),
  looping(
    'sleep',
    'const m = new Int32Array(new SharedArrayBuffer(4));',
    '(...a: any[]) => { Atomics.wait(m, 0, 0); return real(...a); }',
    { says: /has not answered/ },
  ),
  looping('recursion without end', 'const f = (n: number): number => f(n + 1) + 1;', '() => f(0) > 0', {
    right: 'refused',
    says: /Maximum call stack/,
  }),
  looping(
    'ever more memory',
    'const all: unknown[] = [];',
    '() => { for (;;) all.push(new Array(1000).fill(1)); }',
    { says: /has not answered/ },
  ),
  file('looping', 'a loop while it is loaded', '$BASEfor (;;) {}\nexport default mine({});\n', {
    says: /cannot be loaded/,
  }),
  file('looping', 'await that never ends', '$BASEawait new Promise(() => 1);\nexport default mine({});\n', {
    says: /cannot be loaded/,
  }),
  file(
    'looping',
    'await that never ends, with a timer',
    '$BASEsetInterval(() => 1, 1000);\nawait new Promise(() => 1);\nexport default mine({});\n',
    { says: /cannot be loaded/ },
  ),
  file(
    'looping',
    'promises without end',
    '$BASEconst f = (): any => Promise.resolve().then(f);\nawait f();\nexport default mine({});\n',
    { says: /cannot be loaded/ },
  ),
];

const LYING: readonly Attack[] = [
  file(
    'lying',
    'changes the shipped revision',
    '$BASEconst m: any = { ...rfc6311, name: "mine" };\nm.counterSync.isStale = () => false;\nexport default m;\n',
    { says: /read only property 'isStale'/ },
  ),
  file(
    'lying',
    'changes a property',
    "import { properties, rfc6311 } from 'ipsecha/model';\n(properties as any)[0].watch = undefined;\nexport default { ...rfc6311, name: 'mine' };\n",
    { says: /read only/ },
  ),
  file(
    'lying',
    'changes a scenario',
    "import { rfc6311, scenarios } from 'ipsecha/model';\n(scenarios as any)[0].sizes.small.failovers = 0;\nexport default { ...rfc6311, name: 'mine' };\n",
    { says: /read only/ },
  ),
  file(
    'lying',
    'changes what a rule says',
    "import { rfc6311 } from 'ipsecha/model';\n(rfc6311.counterSync as any).isStale.text.id = 'X';\nexport default { ...rfc6311, name: 'mine' };\n",
    { says: /read only/ },
  ),
  lying('replaces Array.prototype.map', 'Array.prototype.map = function () { return []; } as any;', 'bad', {
    right: 'nothing holds',
  }),
  lying('replaces JSON.stringify', "JSON.stringify = () => '0';", 'bad', { right: 'violated' }),
  lying('replaces Object.is', 'Object.is = () => true;', 'bad', { right: 'nothing holds' }),
  lying('replaces Math.max', 'Math.max = () => 7;', 'bad', { right: 'violated' }),
  lying(
    'replaces how messages are sent',
    "import { MessagePort } from 'node:worker_threads';\nMessagePort.prototype.postMessage = () => undefined;",
    'bad',
    { right: 'nothing holds' },
  ),
  lying(
    'adds to Object.prototype',
    '(Object.prototype as any).verdict = "holds"; (Object.prototype as any).value = true;',
    'bad',
    { right: 'nothing holds' },
  ),
  file(
    'lying',
    'a slot that is another function each time',
    '$BASElet n = 0;\nconst m: any = mine({});\nObject.defineProperty(m.counterSync, "isStale", { enumerable: true, get: () => (n++ % 2 === 0 ? real : bad) });\nexport default m;\n',
    { right: 'nothing holds' },
  ),
  lying(
    'writes into its arguments',
    '',
    '(sa: any, ...a: any[]) => { sa.highestSeen = 0; return real(sa, ...a); }',
    { says: /read only property/ },
  ),
  lying(
    'deletes from its arguments',
    '',
    '(sa: any, ...a: any[]) => { delete sa.highestSeen; return real(sa, ...a); }',
    { says: /Cannot delete property/ },
  ),
  lying(
    'writes into its own file',
    "import { appendFileSync } from 'node:fs';\nimport { fileURLToPath } from 'node:url';\nappendFileSync(fileURLToPath(import.meta.url.split('?')[0]!), '\\n//');",
    '(...a: any[]) => real(...a)',
    { says: /edited while it was run/ },
  ),
  lying(
    'is another one each time it is loaded',
    "import { existsSync, writeFileSync } from 'node:fs';\nconst mark = new URL('./mark', import.meta.url);\nconst again = existsSync(mark);\nwriteFileSync(mark, '');",
    '(...a: any[]) => (again ? real(...a) : false)',
  ),
];

const LOADING: readonly Attack[] = [
  file(
    'loading',
    'asks for random bytes',
    "$BASEimport { randomBytes } from 'node:crypto';\nconst good = randomBytes(1)[0]! > 9;\nexport default mine(good ? {} : { isStale: bad });\n",
    { says: /randomBytes/ },
  ),
  file(
    'loading',
    'runs another program',
    "$BASEimport { execSync } from 'node:child_process';\nconst good = execSync('date').length > 1;\nexport default mine(good ? {} : { isStale: bad });\n",
    { says: /child_process\.execSync/ },
  ),
  file(
    'loading',
    'reads what changes by itself',
    "$BASEimport { readFileSync } from 'node:fs';\nconst good = readFileSync('/proc/self/stat').length > 1;\nexport default mine({ isStale: (...a: any[]) => (good ? real(...a) : false) });\n",
    { says: /edited while it was run/ },
  ),
  file('loading', 'waits for the net', "$BASEawait fetch('http://192.0.2.1/');\nexport default mine({});\n", {
    says: /fetch/,
  }),
  file('loading', 'ends the process', '$BASEprocess.exit(0);\nexport default mine({});\n', {
    says: /cannot be loaded/,
  }),
  file(
    'loading',
    'kills the process',
    "$BASEprocess.kill(process.pid, 'SIGKILL');\nexport default mine({});\n",
    { says: /process\.kill/ },
  ),
  file('loading', 'aborts', '$BASEprocess.abort();\nexport default mine({});\n', { says: /process\.abort/ }),
  file(
    'loading',
    'rejects without waiting',
    "$BASEvoid Promise.reject(new Error('late'));\nexport default mine({});\n",
    { says: /late/ },
  ),
  file('loading', 'throws nothing', '$BASEthrow undefined;\n', { says: /cannot be loaded: undefined/ }),
  file('loading', 'throws a text', '$BASEthrow "no";\n', { says: /cannot be loaded: "no"/ }),
  file('loading', 'throws what cannot be shown', '$BASEthrow { toString() { throw 1; } };\n', {
    says: /something that cannot be shown/,
  }),
  file(
    'loading',
    'throws a proxy',
    '$BASEthrow new Proxy({}, { get() { throw 1; }, getPrototypeOf() { throw 1; } });\n',
    { says: /cannot be loaded/ },
  ),
  file(
    'loading',
    'throws a revoked proxy',
    '$BASEconst { proxy, revoke } = Proxy.revocable({}, {}); revoke();\nthrow proxy;\n',
    { says: /cannot be loaded/ },
  ),
  rule('loading', 'refused')('a rule that ends the process', '', '() => process.exit(0)', {
    says: /process\.exit/,
  }),
  rule('loading', 'refused')('a rule that throws nothing', '', '() => { throw undefined; }', {
    says: /isStale threw undefined/,
  }),
  rule('loading', 'refused')(
    'a rule that throws a proxy',
    '',
    '() => { throw new Proxy({}, { get() { throw 1; }, getPrototypeOf() { throw 1; } }); }',
    { says: /isStale threw/ },
  ),
];

const MISSPELT: readonly Attack[] = [
  rule('misspelt', 'refused')('a field', '', '(sa: any, m1: any) => m1 <= sa.higestSeen', {
    says: /did you mean highestSeen\?/,
  }),
  rule('misspelt', 'refused')('a field of a list', '', '(sa: any, m1: any) => m1 <= sa.outstanding.lenght', {
    says: /did you mean length\?/,
  }),
  file('misspelt', 'a slot', '$BASEexport default mine({ isStael: bad });\n', {
    says: /did you mean isStale\?/,
  }),
  file('misspelt', 'a key', '$BASEexport default { ...mine({}), polices: [] };\n', {
    says: /did you mean policies\?/,
  }),
  file(
    'misspelt',
    'a field of the result',
    '$BASEexport default mine({ adopt: (sa: any, r: any) => ({ ...s.adopt(sa, r), expectdSend: 0 }) });\n',
    { says: /did you mean expectedSend\?/ },
  ),
];

/** The same for each place in which a name can be misspelt. */
const misspelt = (name: string, slots: string, meant: string): Attack =>
  file('misspelt', name, `$BASEexport default mine({ ${slots} });\n`, {
    says: new RegExp(`attack\\.ts(?::6:\\d+)?: .*did you mean ${meant}\\?`),
  });

const FURTHER_MISSPELT: readonly Attack[] = [
  misspelt(
    'a field that is taken apart',
    'isStale: ({ higestSeen }: any, m1: any) => m1 <= higestSeen',
    'highestSeen',
  ),
  misspelt(
    'a field with a default',
    'isStale: (sa: any, m1: any) => m1 <= (sa.higestSeen ?? 0)',
    'highestSeen',
  ),
  misspelt(
    'a field of a record further in',
    'isStale: (sa: any, ...a: any[]) => (sa.announced.ohter ? real(sa, ...a) : false)',
    'other',
  ),
  misspelt(
    'a field of a message',
    'adopt: (sa: any, r: any, ...a: any[]) => (r.m22 > 0 ? s.adopt(sa, r, ...a) : sa)',
    'm2',
  ),
  misspelt(
    'a field of an element of a list',
    'dropPending: (sa: any, p: any) => ({ ...s.dropPending(sa, p), expectedSend: sa.outstanding[0]?.idd ?? sa.expectedSend })',
    'id',
  ),
  misspelt(
    'a field of a record further in, of the result',
    'adopt: (sa: any, ...a: any[]) => ({ ...s.adopt(sa, ...a), announced: { ...sa.announced, onw: false } })',
    'own',
  ),
  file(
    'misspelt',
    'a slot of ordinary IKE',
    "$BASEexport default { ...rfc6311, name: 'mine', ike: { ...rfc6311.ike, nextRequestID: bad } };\n",
    { says: /attack\.ts: there is no slot ike\.nextRequestID; did you mean nextRequestId\?/ },
  ),
  file(
    'misspelt',
    'a slot in the wrong part',
    "$BASEexport default { ...rfc6311, name: 'mine', ike: { ...rfc6311.ike, isStale: bad } };\n",
    { says: /attack\.ts: there is no slot ike\.isStale/ },
  ),
  file('misspelt', 'a policy', "$BASEexport default { ...mine({}), policies: ['m1Comapre'] };\n", {
    says: /attack\.ts: 'policies' lists string "m1Comapre"; did you mean m1Compare\?/,
  }),
  file(
    'misspelt',
    'a part',
    "$BASEexport default { ...rfc6311, name: 'mine', counterSynch: { ...s, isStale: bad } };\n",
    { says: /attack\.ts: a revision has no 'counterSynch'; did you mean counterSync\?/ },
  ),
];

const HONEST: readonly Attack[] = [
  honest('the rule as it is', '', 'real'),
  honest('the rule, called', '', '(...a: any[]) => real(...a)'),
  honest(
    'in its own words',
    '',
    "(sa: any, m1: any, c: any) => m1 <= (c === 'highest-seen' ? sa.highestSeen : sa.expectedReceive - 1)",
  ),
  honest(
    'with a copy of what it is given',
    '',
    '(sa: any, ...a: any[]) => real({ ...structuredClone(sa) }, ...a)',
  ),
  honest('by way of JSON', '', '(sa: any, ...a: any[]) => real(JSON.parse(JSON.stringify(sa)), ...a)'),
  honest(
    'with a table',
    "const t = new Map([['highest-seen', (sa: any) => sa.highestSeen], ['next-expected', (sa: any) => sa.expectedReceive - 1]]);",
    '(sa: any, m1: any, c: any) => m1 <= t.get(c)!(sa)',
  ),
  honest(
    'with a clock and chance that are taken once',
    'const began = Date.now(); const chance = Math.random(); const day = new Date();',
    '(...a: any[]) => (began === day.getTime() && chance < 1 ? real(...a) : false)',
  ),
  honest(
    'reads its table from a file',
    "const t = JSON.parse(readFileSync(new URL('./table.json', import.meta.url), 'utf8'));\nimport { readFileSync } from 'node:fs';",
    '(...a: any[]) => (t.strict ? real(...a) : false)',
    { beside: { 'table.json': '{"strict":true}' } },
  ),
  honest('prints', '', "(...a: any[]) => { console.log('\\u001b[31masked'); return real(...a); }"),
  rule('honest', 'violated')('accepts any sync request', '', 'bad'),
];

/** A file whose handler of requests is this expression; `usual` is the step that the rules take. */
const handler = (
  kind: Kind,
  right: Right,
  name: string,
  before: string,
  receive: string,
  more: Partial<Attack> = {},
): Attack => ({
  ...{ kind, right, name },
  text: `$BASE${before}
export default { ...rfc6311, name: 'mine', exchanges: { receives: { request: {
  receive: (by: any, member: any, message: any, policies: any, usual: any) => ${receive},
} } } };
`,
  ...more,
});

/** The same on what is no slot of a rule: exchanges, and a property of the file's own. */
const EXCHANGES: readonly Attack[] = [
  handler('honest', 'holds', 'a handler that does nothing', '', 'usual'),
  handler('impure', 'refused', 'a handler that counts', 'let n = 0;', 'n++ < 1e9 ? usual : null', {
    says: /exchanges\.receives\.request\.receive/,
  }),
  handler('impure', 'refused', 'a handler by chance', '', 'Math.random() < 2 ? usual : null'),
  handler('looping', 'nothing holds', 'a handler that never ends', '', '{ for (;;) {} }', {
    says: /exchanges\.receives\.request\.receive has not answered/,
  }),
  handler(
    'invisible',
    'refused',
    'a handler with a symbol key',
    '',
    "usual.enabled ? { ...usual, member: { ...usual.member, [Symbol('x')]: 1 } } : usual",
    { says: /exchanges\.receives\.request\.receive returned/ },
  ),
  handler('misspelt', 'refused', 'a field of a step', '', 'usual.enabeld ? usual : usual', {
    says: /did you mean enabled/,
  }),
  handler('misspelt', 'refused', 'a field of a member', '', 'member.snyc === null ? usual : usual', {
    says: /did you mean sync/,
  }),
  file(
    'impure',
    'a property that counts',
    `import { safety, fine } from 'ipsecha/model';
$BASElet n = 0;
export default { ...rfc6311, name: 'mine', properties: [safety({ id: 'mine', title: 'x', says: 'x', rules: [],
  watch: { initial: 0, observe: (state: number) => (n++ < 1e9 ? fine(state) : fine(1)) } })] };
`,
    { says: /properties\.mine\.watch\.observe/ },
  ),
];

export const attacks: readonly Attack[] = [
  ...EXCHANGES,
  ...IMPURE,
  ...INVISIBLE,
  ...LOOPING,
  ...LYING,
  ...LOADING,
  ...MISSPELT,
  ...FURTHER_MISSPELT,
  ...HONEST,
];
