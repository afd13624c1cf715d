/**
 * What `--json` prints, as schemas: the contract with whoever reads it. Tests decode real output with them, and
 * `ipsecha schema NAME` prints them as JSON Schema.
 */
import * as Schema from '@effect/schema/Schema';

const Verdict = <const Values extends readonly [string, ...string[]]>(values: Values) =>
  Schema.Literals(values);

const documentOf = <Result extends Schema.Top>(command: string, result: Result) =>
  Schema.Struct({
    tool: Schema.Literal('ipsecha'),
    version: Schema.String,
    command: Schema.Literal(command),
    results: Schema.Array(result),
  });

/** The document of `validate`, which may have files that could not be judged. */
const withFailed = <Result extends Schema.Top>(command: string, result: Result) =>
  Schema.Struct({
    tool: Schema.Literal('ipsecha'),
    version: Schema.String,
    command: Schema.Literal(command),
    results: Schema.Array(result),
    failed: Schema.optionalKey(
      Schema.Array(
        Schema.Struct({
          file: Schema.String,
          problem: Schema.String,
          hint: Schema.optionalKey(Schema.String),
        }),
      ),
    ),
  });

/** The document of a command that has shards. What is under `shard` is for `ipsecha merge` of the same version. */
const shardedDocumentOf = <Result extends Schema.Top>(command: string, result: Result) =>
  Schema.Struct({
    tool: Schema.Literal('ipsecha'),
    version: Schema.String,
    command: Schema.Literal(command),
    results: Schema.Array(result),
    shard: Schema.optionalKey(
      Schema.Struct({
        index: Schema.Number,
        of: Schema.Number,
        total: Schema.Number,
        question: Schema.Record(Schema.String, Schema.Unknown),
        jobs: Schema.Array(Schema.Struct({ job: Schema.Number, outcome: Schema.Unknown })),
        digest: Schema.String,
      }),
    ),
  });

const CheckVerdict = Verdict(['holds', 'violated', 'inconclusive']);

const Step = Schema.Struct({
  actor: Schema.String,
  action: Schema.String,
  message: Schema.optionalKey(Schema.Record(Schema.String, Schema.Unknown)),
  sent: Schema.Array(Schema.Record(Schema.String, Schema.Unknown)),
  rules: Schema.Array(Schema.String),
  changes: Schema.Record(Schema.String, Schema.Struct({ before: Schema.Unknown, after: Schema.Unknown })),
});

/** How a run goes on for ever: the steps from `start` on repeat; if there are none, nothing more happens. */
const Cycle = Schema.Struct({
  start: Schema.Number,
  inVain: Schema.Array(Schema.Record(Schema.String, Schema.Unknown)),
});

/** What a property says that a revision brings along. */
const Own = Schema.optionalKey(
  Schema.Struct({ title: Schema.String, says: Schema.String, rules: Schema.Array(Schema.String) }),
);

const checkFields = {
  revision: Schema.String,
  scenario: Schema.String,
  size: Verdict(['small', 'medium', 'large']),
  bounds: Schema.Record(Schema.String, Schema.Union([Schema.String, Schema.Number])),
  covered: Schema.optionalKey(Schema.String),
  outside: Schema.optionalKey(Schema.String),
  verdict: CheckVerdict,
  properties: Schema.Array(
    Schema.Struct({
      id: Schema.String,
      verdict: CheckVerdict,
      because: Schema.optionalKey(Schema.String),
      own: Own,
      depth: Schema.optionalKey(Schema.Number),
      counterexample: Schema.optionalKey(Schema.Array(Step)),
      cycle: Schema.optionalKey(Cycle),
    }),
  ),
  statistics: Schema.Struct({
    states: Schema.Number,
    transitions: Schema.Number,
    depth: Schema.Number,
    seconds: Schema.Number,
    verdictSeconds: Schema.Number,
    statesPerSecond: Schema.Number,
    bytesPerState: Schema.Number,
    workers: Schema.Number,
    complete: Schema.Boolean,
    omissionProbability: Schema.optionalKey(Schema.Number),
    steps: Schema.Record(Schema.String, Schema.Number),
    distinct: Schema.Record(Schema.String, Schema.Number),
    evaluations: Schema.Number,
    tableHits: Schema.Number,
    bounds: Schema.Array(Schema.String),
    dropped: Schema.Number,
    messageSets: Schema.Number,
    load: Schema.Number,
  }),
  neverOccurred: Schema.Array(Schema.String),
} as const;

const SettingValue = Schema.Union([Schema.String, Schema.Number]);

const CheckResult = Schema.Struct({
  ...checkFields,
  /** With --without: what breaks that holds with the rules, in one sentence. */
  conclusion: Schema.optionalKey(Schema.String),
  weakest: Schema.optionalKey(
    Schema.Array(
      Schema.Struct({
        property: Schema.String,
        settings: Schema.Array(
          Schema.Struct({
            setting: Schema.String,
            from: SettingValue,
            to: SettingValue,
            weaker: Schema.Array(
              Schema.Struct({
                value: SettingValue,
                verdict: Verdict(['holds', 'inconclusive']),
                because: Schema.optionalKey(Schema.String),
              }),
            ),
          }),
        ),
        changes: Schema.Array(Schema.String),
        explorations: Schema.Number,
        verdict: Verdict(['minimal', 'inconclusive']),
        check: Schema.Struct(checkFields),
      }),
    ),
  ),
});

const Size = Verdict(['small', 'medium', 'large']);
const Bounds = Schema.Record(Schema.String, Schema.Union([Schema.String, Schema.Number]));
const Conclusion = Verdict(['conclusive', 'inconclusive']);

const AblateResult = Schema.Struct({
  revision: Schema.String,
  size: Size,
  baselines: Schema.Array(
    Schema.Struct({
      scenario: Schema.String,
      bounds: Bounds,
      holds: Schema.Array(Schema.String),
      violated: Schema.Array(Schema.String),
      inconclusive: Schema.Array(Schema.String),
      neverOccurred: Schema.Array(Schema.String),
      states: Schema.Number,
      seconds: Schema.Number,
    }),
  ),
  rules: Schema.Array(
    Schema.Struct({
      rule: Schema.String,
      title: Schema.String,
      cells: Schema.Array(
        Schema.Struct({
          scenario: Schema.String,
          breaks: Schema.Array(
            Schema.Struct({ property: Schema.String, depth: Schema.Number, because: Schema.String }),
          ),
          inconclusive: Schema.Array(Schema.String),
          complete: Schema.Boolean,
          states: Schema.Number,
          seconds: Schema.Number,
        }),
      ),
    }),
  ),
  breaksNothing: Schema.Array(Schema.String),
  verdict: Conclusion,
});

const ComparedVerdict = Schema.Struct({
  verdict: CheckVerdict,
  because: Schema.optionalKey(Schema.String),
  depth: Schema.optionalKey(Schema.Number),
});

const Behaviour = Verdict(['differs', 'none', 'inconclusive']);

/** A side as it was asked for. */
const ComparedSide = Schema.Struct({
  revision: Schema.String,
  set: Schema.Array(Schema.String),
  without: Schema.Array(Schema.String),
});

const CompareResult = Schema.Struct({
  /** What the two sides are called here: the revision, and what only that side has. */
  revisions: Schema.Tuple([Schema.String, Schema.String]),
  sides: Schema.Tuple([ComparedSide, ComparedSide]),
  size: Size,
  verdict: Verdict(['same', 'differs', 'inconclusive']),
  explorations: Schema.Array(
    Schema.Struct({
      revision: Schema.String,
      scenario: Schema.String,
      bounds: Bounds,
      states: Schema.Number,
      seconds: Schema.Number,
      complete: Schema.Boolean,
    }),
  ),
  properties: Schema.Array(
    Schema.Struct({
      scenario: Schema.String,
      property: Schema.String,
      difference: Verdict(['same', 'differs', 'unknown']),
      verdicts: Schema.Tuple([ComparedVerdict, ComparedVerdict]),
    }),
  ),
  examples: Schema.Array(
    Schema.Struct({
      revision: Schema.String,
      scenario: Schema.String,
      property: Schema.String,
      depth: Schema.Number,
      counterexample: Schema.Array(Step),
      cycle: Schema.optionalKey(Cycle),
    }),
  ),
  behaviours: Schema.Array(
    Schema.Struct({
      scenario: Schema.String,
      of: Schema.String,
      against: Schema.String,
      verdict: Behaviour,
      because: Schema.optionalKey(Schema.String),
      depth: Schema.optionalKey(Schema.Number),
      run: Schema.optionalKey(Schema.Array(Step)),
      instead: Schema.optionalKey(Schema.Array(Step)),
      pairs: Schema.Number,
      seconds: Schema.Number,
    }),
  ),
  behaviour: Behaviour,
  /** What it comes to, in one sentence. */
  conclusion: Schema.String,
});

/** One for each property; of several, one more for all of them together, which is the last. */
const SynthesiseResult = Schema.Struct({
  revision: Schema.String,
  property: Schema.String,
  all: Schema.optionalKey(Schema.Array(Schema.String)),
  size: Size,
  sweeps: Schema.Array(
    Schema.Struct({
      setting: Schema.String,
      values: Schema.Array(Schema.Union([Schema.String, Schema.Number])),
    }),
  ),
  tables: Schema.Array(
    Schema.Struct({
      scenario: Schema.String,
      cells: Schema.Array(
        Schema.Struct({
          settings: Bounds,
          verdict: CheckVerdict,
          because: Schema.optionalKey(Schema.String),
          depth: Schema.optionalKey(Schema.Number),
          states: Schema.Number,
          seconds: Schema.Number,
        }),
      ),
      summary: Schema.String,
    }),
  ),
  verdict: Conclusion,
});

const ExplainResult = Schema.Struct({
  kind: Verdict(['rule', 'property', 'setting', 'scenario', 'revision']),
  id: Schema.String,
  title: Schema.String,
  says: Schema.String,
  /** Of a rule: all that the catalogue has of it. */
  rule: Schema.optionalKey(
    Schema.Record(Schema.String, Schema.NullOr(Schema.Union([Schema.String, Schema.Boolean]))),
  ),
  /** Of a property: the rules that are there for it. */
  rules: Schema.optionalKey(Schema.Array(Schema.String)),
  facts: Schema.Array(Schema.Struct({ about: Schema.String, says: Schema.String })),
  commands: Schema.Array(Schema.String),
  examples: Schema.Array(
    Schema.Struct({
      kind: Verdict(['counterexample', 'step']),
      revision: Schema.String,
      without: Schema.optionalKey(Schema.Array(Schema.String)),
      scenario: Schema.String,
      property: Schema.optionalKey(Schema.String),
      depth: Schema.Number,
      because: Schema.optionalKey(Schema.String),
      command: Schema.optionalKey(Schema.String),
      steps: Schema.Array(Step),
    }),
  ),
  remarks: Schema.Array(Schema.String),
});

/** One for each thing that speaks of the words, the best first. */
const ExplainMatch = Schema.Struct({
  found: Verdict([
    'rule',
    'property',
    'setting',
    'value',
    'scenario',
    'revision',
    'finding',
    'question',
    'clause',
    'example',
  ]),
  id: Schema.String,
  title: Schema.String,
  says: Schema.String,
  /** A command or a place that tells more. */
  see: Schema.String,
});

const Times = Schema.Struct({ steps: Schema.Number, walks: Schema.Number });

const SimulateVerdict = Verdict(['violated', 'inconclusive']);

const SimulateResult = Schema.Struct({
  revision: Schema.String,
  scenario: Schema.String,
  size: Size,
  bounds: Bounds,
  covered: Schema.optionalKey(Schema.String),
  outside: Schema.optionalKey(Schema.String),
  seed: Schema.Number,
  depth: Schema.Number,
  verdict: SimulateVerdict,
  properties: Schema.Array(
    Schema.Struct({
      id: Schema.String,
      verdict: SimulateVerdict,
      because: Schema.String,
      own: Own,
      walk: Schema.optionalKey(Schema.Number),
      foundAfter: Schema.optionalKey(Schema.Number),
      path: Schema.optionalKey(Schema.String),
      depth: Schema.optionalKey(Schema.Number),
      counterexample: Schema.optionalKey(Schema.Array(Step)),
    }),
  ),
  statistics: Schema.Struct({
    walks: Schema.Number,
    steps: Schema.Number,
    longest: Schema.Number,
    endedEarly: Schema.Number,
    seconds: Schema.Number,
    stepsPerSecond: Schema.Number,
    stopped: Verdict(['walks', 'time', 'interrupted', 'all-violated', 'unanswered']),
    unanswered: Schema.optionalKey(Schema.String),
    interesting: Schema.Struct({
      failover: Schema.Number,
      sync: Schema.Number,
      violation: Schema.Number,
    }),
    kinds: Schema.Record(Schema.String, Times),
    rules: Schema.Record(Schema.String, Times),
    evaluations: Schema.Number,
    restarts: Schema.Number,
  }),
  neverOccurred: Schema.Array(Schema.String),
  notJudged: Schema.Array(Schema.String),
});

const GenerateResult = Schema.Struct({
  revision: Schema.String,
  seed: Schema.Number,
  walks: Schema.Number,
  steps: Schema.Number,
  mutations: Schema.Array(
    Schema.Struct({
      mutation: Schema.String,
      does: Schema.String,
      rules: Schema.Array(Schema.String),
      tried: Schema.Number,
      caught: Schema.Number,
      otherwise: Schema.Number,
      missed: Schema.Number,
      by: Schema.Record(Schema.String, Schema.Number),
      unseen: Schema.optionalKey(Schema.String),
      example: Schema.optionalKey(Schema.Struct({ scenario: Schema.String, trace: Schema.Number })),
    }),
  ),
});

const TraceVerdict = Verdict(['conformant', 'violates', 'inconclusive']);

const EventPlace = Schema.Struct({
  event: Schema.optionalKey(Schema.Number),
  frame: Schema.optionalKey(Schema.Number),
  line: Schema.optionalKey(Schema.Number),
  file: Schema.optionalKey(Schema.String),
});

/** Which SA something that was not read may be of. */
const ConcernSchema = Schema.Union([
  Schema.Struct({ kind: Schema.Literal('ike'), sa: Schema.String }),
  Schema.Struct({ kind: Schema.Literal('esp') }),
  Schema.Struct({ kind: Schema.Literal('hosts'), hosts: Schema.Array(Schema.String) }),
]);

const ValidateResult = Schema.Struct({
  files: Schema.Array(Schema.String),
  revision: Schema.String,
  verdict: TraceVerdict,
  notJudged: Schema.Array(Schema.String),
  missing: Schema.Array(Schema.String),
  readings: Schema.Array(
    Schema.Struct({
      settings: Schema.Record(Schema.String, Schema.String),
      ofTheText: Schema.Boolean,
      verdict: TraceVerdict,
    }),
  ),
  findings: Schema.Array(
    Schema.Struct({
      rule: Schema.String,
      property: Schema.optionalKey(Schema.String),
      actor: Verdict(['cluster', 'peer', 'initiator', 'responder', 'sender']),
      end: Schema.optionalKey(Verdict(['initiator', 'responder'])),
      supposed: Schema.optionalKey(Schema.Boolean),
      address: Schema.optionalKey(Schema.String),
      sa: Schema.optionalKey(Schema.String),
      event: Schema.Number,
      frame: Schema.optionalKey(Schema.Number),
      line: Schema.optionalKey(Schema.Number),
      time: Schema.optionalKey(Schema.Number),
      file: Schema.optionalKey(Schema.String),
      message: Schema.String,
      condition: Schema.optionalKey(Schema.String),
      allowed: Schema.String,
      explainedUntil: Schema.Number,
      prefixes: Schema.optionalKey(
        Schema.Array(Schema.Struct({ way: Schema.String, rule: Schema.String, because: Schema.String })),
      ),
      alsoFrames: Schema.optionalKey(Schema.Array(Schema.Number)),
      first: Schema.optionalKey(EventPlace),
      messageId: Schema.optionalKey(Schema.Number),
      takenOverFrom: Schema.optionalKey(Schema.Array(EventPlace)),
      sync: Schema.optionalKey(
        Schema.Struct({ announcedByBoth: Schema.optionalKey(Schema.Boolean), asked: Schema.Boolean }),
      ),
      ruleUrl: Schema.optionalKey(Schema.String),
      experiment: Schema.optionalKey(Schema.String),
    }),
  ),
  summary: Schema.String,
  frameFilters: Schema.Array(Schema.Struct({ file: Schema.String, filter: Schema.String })),
  remarks: Schema.Array(
    Schema.Struct({
      message: Schema.String,
      frame: Schema.optionalKey(Schema.Number),
      line: Schema.optionalKey(Schema.Number),
      time: Schema.optionalKey(Schema.Number),
      file: Schema.optionalKey(Schema.String),
    }),
  ),
  unread: Schema.Array(
    Schema.Struct({
      file: Schema.String,
      at: Schema.optionalKey(Schema.Number),
      reason: Schema.String,
      incomplete: Schema.optionalKey(Schema.Boolean),
      told: Schema.optionalKey(Schema.Boolean),
      concern: Schema.optionalKey(ConcernSchema),
    }),
  ),
  facts: Schema.Array(
    Schema.Union([
      Schema.Struct({
        kind: Schema.Literal('out-of-order'),
        file: Schema.String,
        frames: Schema.Number,
        first: Schema.Number,
        seconds: Schema.Number,
        sorted: Schema.Boolean,
      }),
      Schema.Struct({
        kind: Schema.Literal('drops'),
        file: Schema.String,
        packets: Schema.Number,
        by: Verdict(['interface', 'system', 'program']),
        after: Schema.optionalKey(Schema.Number),
        before: Schema.optionalKey(Schema.Number),
      }),
      Schema.Struct({
        kind: Schema.Literal('passed-over'),
        file: Schema.String,
        what: Schema.String,
        frames: Schema.Number,
        first: Schema.Number,
        mayHide: Schema.Boolean,
        concerns: Schema.optionalKey(Schema.Array(ConcernSchema)),
      }),
    ]),
  ),
  frames: Schema.Struct({
    frames: Schema.Number,
    keepalives: Schema.Number,
    other: Schema.Number,
    fragments: Schema.Number,
  }),
  statistics: Schema.Struct({
    events: Schema.Number,
    ikeMessages: Schema.Number,
    espPackets: Schema.Number,
    ahPackets: Schema.Number,
    ikeSas: Schema.Number,
    espSas: Schema.Number,
    repeated: Schema.Number,
    retransmitted: Schema.Number,
    duplicated: Schema.Number,
    replayed: Schema.Number,
    notAuthentic: Schema.Number,
  }),
});

const FollowedAt = { at: Schema.String } as const;

/** A line of `validate --follow --json`. `at` is when it was told. */
const FollowLine = Schema.Union([
  Schema.Struct({
    event: Schema.Literal('begin'),
    ...FollowedAt,
    tool: Schema.Literal('ipsecha'),
    version: Schema.String,
    file: Schema.String,
    revision: Schema.String,
    format: Schema.String,
  }),
  Schema.Struct({
    event: Schema.Literal('finding'),
    ...FollowedAt,
    finding: ValidateResult.fields.findings.value,
  }),
  /** A finding that was told as certain, and is not any more: it has a condition now. */
  Schema.Struct({
    event: Schema.Literal('weakened'),
    ...FollowedAt,
    finding: ValidateResult.fields.findings.value,
  }),
  Schema.Struct({
    event: Schema.Literal('note'),
    ...FollowedAt,
    ...ValidateResult.fields.remarks.value.fields,
  }),
  Schema.Struct({ event: Schema.Literal('waiting'), ...FollowedAt, octets: Schema.Number }),
  Schema.Struct({ event: Schema.Literal('missing'), ...FollowedAt, what: Schema.String }),
  Schema.Struct({
    event: Schema.Literal('unread'),
    ...FollowedAt,
    unread: ValidateResult.fields.unread.value,
  }),
  Schema.Struct({ event: Schema.Literal('rotated'), ...FollowedAt, how: Verdict(['replaced', 'emptied']) }),
  /** The last line: the verdict on all that was seen. */
  Schema.Struct({
    event: Schema.Literal('end'),
    ...FollowedAt,
    file: Schema.String,
    revision: Schema.String,
    verdict: TraceVerdict,
    missing: ValidateResult.fields.missing,
    readings: ValidateResult.fields.readings,
    statistics: ValidateResult.fields.statistics,
    frames: ValidateResult.fields.frames,
    notJudged: ValidateResult.fields.notJudged,
    findings: Schema.Struct({ certain: Schema.Number, conditional: Schema.Number }),
    unread: Schema.Number,
    forgotten: Schema.Struct({ ikeSas: Schema.Number, espSas: Schema.Number }),
    stopped: Schema.Boolean,
    endsEarly: Schema.NullOr(Schema.String),
  }),
]);

const ProofVerdict = Verdict(['proved', 'refuted', 'inconclusive']);

const ProveResult = Schema.Struct({
  id: Schema.String,
  verdict: ProofVerdict,
  parts: Schema.Array(
    Schema.Struct({
      name: Schema.String,
      result: Verdict(['unsat', 'sat', 'unknown']),
      wanted: Verdict(['unsat', 'sat', 'either']),
      seconds: Schema.Number,
    }),
  ),
  countermodel: Schema.optionalKey(
    Schema.Struct({
      steps: Schema.Array(
        Schema.Struct({
          action: Schema.String,
          state: Schema.Record(Schema.String, Schema.Union([Schema.String, Schema.Number, Schema.Boolean])),
          changed: Schema.Array(Schema.String),
        }),
      ),
    }),
  ),
  solver: Schema.Struct({ name: Schema.String, version: Schema.String }),
  seconds: Schema.Number,
  digest: Schema.String,
  obligation: Schema.Record(Schema.String, Schema.Unknown),
});

const StatementRow = Schema.Struct({
  step: Schema.String,
  statement: Schema.String,
  cases: Schema.Number,
  result: Verdict(['holds', 'broken', 'unknown']),
});

const Saying = Schema.Struct({ id: Schema.String, says: Schema.String });

/** Of a proof over the derived relation. */
const TheoremResult = Schema.Struct({
  revision: Schema.String,
  property: Schema.String,
  title: Schema.String,
  verdict: ProofVerdict,
  /** Whether the proof itself came out, whatever was found besides. */
  proof: Verdict(['proved', 'not proved', 'inconclusive']),
  because: Schema.optionalKey(Schema.String),
  without: Schema.Array(Schema.String),
  set: Schema.Array(Schema.String),
  assumptions: Schema.Array(Saying),
  scope: Schema.Array(Schema.String),
  clauses: Schema.Array(Saying),
  rows: Schema.Array(StatementRow),
  validation: Schema.Struct({
    paths: Schema.Number,
    agreed: Schema.Number,
    empty: Schema.Number,
    unknown: Schema.Number,
    disagreement: Schema.optionalKey(Schema.String),
  }),
  /** The world and the step by which it fails; null if it does not. */
  broken: Schema.NullOr(Schema.Record(Schema.String, Schema.Unknown)),
  sources: Schema.Array(Schema.Struct({ file: Schema.String, sha256: Schema.String })),
  solver: Schema.String,
  /** Other solvers that are installed, with how many questions they answered alike. */
  others: Schema.Array(Schema.Struct({ name: Schema.String, alike: Schema.Number, unknown: Schema.Number })),
  questions: Schema.Number,
  digest: Schema.String,
  seconds: Schema.Number,
  refutation: Schema.optionalKey(
    Schema.Struct({
      command: Schema.String,
      run: Schema.Array(Schema.Record(Schema.String, Schema.Unknown)),
    }),
  ),
});

/** A property that there is no proof of: what one lacks. */
const OpenResult = Schema.Struct({
  revision: Schema.String,
  property: Schema.String,
  title: Schema.String,
  verdict: Verdict(['inconclusive']),
  open: Schema.String,
});

/** Of `ipsecha prove --check`. */
const CheckedProof = Schema.Struct({
  revision: Schema.String,
  property: Schema.String,
  differences: Schema.Array(Schema.String),
});

/** One for each text that has clauses. */
const CoverageResult = Schema.Struct({
  document: Verdict(['RFC6311', 'RFC7296', 'RFC4303']),
  counts: Schema.Struct({
    clauses: Schema.Number,
    withKeyword: Schema.Number,
    modelled: Schema.Number,
    notModelled: Schema.Number,
  }),
  clauses: Schema.Array(
    Schema.Struct({
      id: Schema.String,
      section: Schema.String,
      bullet: Schema.optionalKey(Schema.Number),
      level: Verdict([
        'MUST',
        'MUST NOT',
        'SHOULD',
        'SHOULD NOT',
        'RECOMMENDED',
        'MAY',
        'OPTIONAL',
        'stated',
      ]),
      actor: Schema.String,
      says: Schema.String,
      link: Schema.String,
      rules: Schema.Array(Schema.String),
      notModelled: Schema.optionalKey(Schema.String),
    }),
  ),
});

const Counters = Schema.Struct({ sends: Schema.Number, expects: Schema.Number });
const BothEnds = Schema.Struct({ cluster: Counters, peer: Counters });

/** One for each example of a text. */
const TextExampleResult = Schema.Struct({
  id: Schema.String,
  title: Schema.String,
  source: Schema.String,
  link: Schema.optionalKey(Schema.String),
  says: Schema.String,
  before: BothEnds,
  exchanges: Schema.Array(
    Schema.Struct({
      asks: Verdict(['cluster', 'peer']),
      request: Schema.Struct({ m1: Schema.Number, p1: Schema.Number }),
      response: Schema.Struct({ p2: Schema.Number, m2: Schema.Number }),
    }),
  ),
  after: BothEnds,
  readings: Schema.Array(
    Schema.Struct({
      settings: Schema.Record(Schema.String, Schema.String),
      outcome: Verdict(['as printed', 'forbidden', 'other numbers']),
      /** Of all but the first: the rule that forbids it, or that has other numbers, and why. */
      rule: Schema.optionalKey(Schema.String),
      because: Schema.optionalKey(Schema.String),
    }),
  ),
});

/** The documents that commands print with `--json`. */
export const documentSchemas = {
  check: shardedDocumentOf('check', CheckResult),
  ablate: shardedDocumentOf('ablate', AblateResult),
  compare: documentOf('compare', CompareResult),
  synthesise: shardedDocumentOf('synthesise', SynthesiseResult),
  explain: documentOf('explain', Schema.Union([ExplainResult, ExplainMatch])),
  example: documentOf('example', TextExampleResult),
  simulate: documentOf('simulate', SimulateResult),
  generate: documentOf('generate', GenerateResult),
  validate: withFailed('validate', ValidateResult),
  /** Each line of `ipsecha validate --follow --json`. */
  follow: FollowLine,
  prove: documentOf('prove', Schema.Union([TheoremResult, ProveResult, CheckedProof, OpenResult])),
  /** Of `ipsecha rules --coverage`. */
  coverage: documentOf('coverage', CoverageResult),
} as const;

export type DocumentName = keyof typeof documentSchemas;

/** Commands whose documents have a schema. */
export const documentNames = Object.keys(documentSchemas) as readonly DocumentName[];

const TITLES: ReadonlyMap<DocumentName, string> = new Map([
  ['coverage', 'ipsecha rules --coverage --json'],
  ['follow', 'ipsecha validate --follow --json: each line'],
]);

/** JSON Schema (draft 2020-12) of a document. */
export function documentJsonSchema(name: DocumentName): Record<string, unknown> {
  const { schema, definitions } = Schema.toJsonSchemaDocument(documentSchemas[name]);
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: TITLES.get(name) ?? `ipsecha ${name} --json`,
    ...schema,
    ...(Object.keys(definitions).length === 0 ? {} : { $defs: definitions }),
  };
}
