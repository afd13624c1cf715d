/**
 * SARIF 2.1.0 (OASIS), as code scanning reads it: rules, results with their locations. Where nothing could be said,
 * the result is of the kind `open`.
 */

/** A rule or a property, as a result refers to it. */
export interface SarifRule {
  readonly id: string;
  readonly title: string;
  readonly says: string;
  /** Where it stands: document and section. */
  readonly source?: string;
  /** Where it can be read. */
  readonly url?: string;
}

/** Where a result is: in a file, and in it a place that is not a line of text. */
export interface SarifPlace {
  /** As the user named it; absent if there is no file. */
  readonly file?: string;
  /** `frame 35`, or the name of a scenario. */
  readonly name: string;
  readonly kind: string;
  /** Line of the file, from 1. Code scanning shows nothing without one: of a file that is no text, the first. */
  readonly line?: number;
}

export interface SarifResult {
  readonly rule: string;
  /** `fail`: it is broken; `open`: it could not be judged; `pass`: it holds. */
  readonly kind: 'fail' | 'open' | 'pass';
  readonly message: string;
  readonly places: readonly SarifPlace[];
  /** What stays the same if the same is found again, for telling new results from known ones. */
  readonly fingerprint?: string;
  readonly properties?: Readonly<Record<string, unknown>>;
}

const SCHEMA = 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json';

/** One run as a document, ending in a newline. Only rules that a result names are listed. */
export function sarifText(
  version: string,
  rules: readonly SarifRule[],
  results: readonly SarifResult[],
): string {
  const named = new Set(results.map(({ rule }) => rule));
  const known = rules.filter(({ id }) => named.has(id));
  const unknown = [...named].filter((id) => !known.some((rule) => rule.id === id));
  const listed = [...known, ...unknown.map((id): SarifRule => ({ id, title: id, says: id }))];
  const log = {
    $schema: SCHEMA,
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: 'ipsecha', semanticVersion: version, rules: listed.map(ruleObject) } },
        columnKind: 'utf16CodeUnits',
        results: results.map((result) => ({
          ruleId: result.rule,
          ruleIndex: listed.findIndex(({ id }) => id === result.rule),
          kind: result.kind,
          level: result.kind === 'fail' ? 'error' : 'none',
          message: { text: result.message },
          locations: result.places.map(locationObject),
          ...(result.fingerprint === undefined
            ? {}
            : { partialFingerprints: { 'ipsechaFinding/v1': result.fingerprint } }),
          ...(result.properties === undefined ? {} : { properties: result.properties }),
        })),
      },
    ],
  };
  return `${JSON.stringify(log, null, 2)}\n`;
}

const ruleObject = ({ id, title, says, source, url }: SarifRule) => ({
  id,
  ...(url === undefined ? {} : { helpUri: url }),
  shortDescription: { text: title },
  fullDescription: { text: says },
  ...(source === undefined ? {} : { properties: { source } }),
});

const locationObject = ({ file, name, kind, line }: SarifPlace) => ({
  ...(file === undefined
    ? {}
    : {
        physicalLocation: {
          artifactLocation: { uri: uriOf(file) },
          ...(line === undefined ? {} : { region: { startLine: line } }),
        },
      }),
  logicalLocations: [{ name, kind, fullyQualifiedName: file === undefined ? name : `${file}: ${name}` }],
});

/** A path as a URI reference. Standard input has no name. */
function uriOf(file: string): string {
  if (file === '-') return 'stdin';
  const path = encodeURI(file.replaceAll('\\', '/')).replaceAll('#', '%23').replaceAll('?', '%3F');
  // A colon in the first segment would make a scheme of it.
  return path.startsWith('/') ? `file://${path}` : /^[^/]*:/.test(path) ? `./${path}` : path;
}
