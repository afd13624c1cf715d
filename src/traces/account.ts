/** The account of one IKE SA: findings, remarks, what is missing; and what the two ends are called in it. */
import { type Endpoint, otherEnd } from '../../model/index.ts';
import type { End } from './event.ts';
import type { Finding, Remark } from './finding.ts';
import { frameOf, type NumberedIke } from './ike-event.ts';

/** What is said of an event; the account adds who and where. */
export interface Told {
  readonly rule: string;
  readonly property?: string | undefined;
  readonly message: string;
  readonly allowed: string;
  readonly alsoFrames?: readonly number[];
}

/** One end, as far as the account needs it. */
interface Party {
  readonly actsAsCluster: boolean;
  readonly address: string | undefined;
}

export class Account {
  readonly findings: Finding[] = [];
  readonly remarks: Remark[] = [];
  readonly missing = new Set<string>();
  readonly #clusterIs: End;
  readonly #parties: Readonly<Record<Endpoint, Party>>;

  /** `clusterIs`: the end that the specification's word `cluster` stands for. */
  constructor(clusterIs: End, parties: Readonly<Record<Endpoint, Party>>) {
    this.#clusterIs = clusterIs;
    this.#parties = parties;
  }

  find(numbered: NumberedIke, by: Endpoint, told: Told): void {
    const { address } = this.#parties[by];
    const { rule, property, alsoFrames = [] } = told;
    this.findings.push({
      rule,
      ...(property === undefined ? {} : { property }),
      actor: this.actor(by),
      ...(address === undefined ? {} : { address }),
      event: numbered.number,
      ...frameOf(numbered),
      message: this.inWords(told.message),
      allowed: told.allowed,
      explainedUntil: numbered.number - 1,
      ...(alsoFrames.length === 0 ? {} : { alsoFrames }),
    });
  }

  remark(numbered: NumberedIke | undefined, message: string): void {
    this.remarks.push({ message: this.inWords(message), ...frameOf(numbered) });
  }

  /** `cluster` and `peer` only if one end showed that it is a cluster; else what the wire tells. */
  actor(end: Endpoint): Finding['actor'] {
    const told = this.#parties.cluster.actsAsCluster || this.#parties.peer.actsAsCluster;
    return told ? end : this.wireEnd(end);
  }

  modelEnd(end: End): Endpoint {
    return end === this.#clusterIs ? 'cluster' : 'peer';
  }

  wireEnd(end: Endpoint): End {
    if (end === 'cluster') return this.#clusterIs;
    return this.#clusterIs === 'initiator' ? 'responder' : 'initiator';
  }

  /** The ends that showed that they are clusters. */
  get clusters(): readonly End[] {
    const ends: readonly Endpoint[] = ['cluster', otherEnd('cluster')];
    return ends.filter((end) => this.#parties[end].actsAsCluster).map((end) => this.wireEnd(end));
  }

  /** The specification's words for the ends, in those of the trace. */
  inWords(text: string): string {
    return text.replace(/\bthe (cluster|peer)\b/g, (_, end: Endpoint) => `the ${this.actor(end)}`);
  }
}
