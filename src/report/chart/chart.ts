/** Sequence charts as plain data: lifelines, arrows and notes, and nothing of what they stand for. */

/** Names a lifeline of the same chart. `lost` and `in flight` are reserved. */
export type LifelineId = string;

export interface Lifeline {
  readonly id: LifelineId;
  readonly label: string;
  /** A second line in the head, such as the part it plays. */
  readonly note?: string;
}

/** Where an arrow goes that reaches no lifeline. */
export type Nowhere = 'lost' | 'in flight';

interface Numbered {
  /** Written at the left margin; rows of one step share its number, which is then written once. */
  readonly step?: number;
}

interface Marked {
  /** What the reader has to look at. Drawn in red and with a cross. */
  readonly mark?: 'bad';
}

/** An arrow sent and received in the same row. */
export interface MessageRow extends Numbered, Marked {
  readonly kind: 'message';
  readonly from: LifelineId;
  readonly to: LifelineId | Nowhere;
  readonly label: string;
  readonly number?: number;
  /** False if it got there and was not taken: the arrow then has an open head. */
  readonly received?: boolean;
  /** For an arrow to nowhere: the lifeline it was meant for, which gives its direction. */
  readonly towards?: LifelineId;
}

/** The first half of an arrow whose second half is in a later row, or nowhere. */
export interface SendRow extends Numbered, Marked {
  readonly kind: 'send';
  readonly at: LifelineId;
  readonly label: string;
  readonly towards?: LifelineId;
  readonly number: number;
}

/** The second half of an arrow; the number ties it to the first. */
export interface ReceiveRow extends Numbered, Marked {
  readonly kind: 'receive';
  readonly at: LifelineId;
  readonly from?: LifelineId;
  readonly label: string;
  readonly number: number;
}

/** Something that happens at one lifeline. */
export interface LocalRow extends Numbered, Marked {
  readonly kind: 'local';
  readonly at: LifelineId;
  readonly text: string;
}

/** Something carried from one lifeline to another outside the messages, drawn as a double line. */
export interface SpanRow extends Numbered, Marked {
  readonly kind: 'span';
  readonly from: LifelineId;
  readonly to: LifelineId;
  readonly text: string;
}

/** Counters and the like, each beside its own lifeline. */
export interface StateRow extends Numbered {
  readonly kind: 'state';
  readonly notes: Readonly<Record<LifelineId, string>>;
}

/** The lifeline ends here. `text` says it in other words than `stops`. */
export interface StopRow extends Numbered, Marked {
  readonly kind: 'stop';
  readonly at: LifelineId;
  readonly text?: string;
}

/** The lifeline begins, or begins again. A lifeline that is started before it is ever stopped is absent before. */
export interface StartRow extends Numbered, Marked {
  readonly kind: 'start';
  readonly at: LifelineId;
  readonly text?: string;
}

export type Row = MessageRow | SendRow | ReceiveRow | LocalRow | SpanRow | StateRow | StopRow | StartRow;

export interface Chart {
  readonly title?: string;
  readonly lifelines: readonly Lifeline[];
  readonly rows: readonly Row[];
  /** Paragraphs below the chart. If a row is marked bad the first one is taken for the reason. */
  readonly foot: readonly string[];
}
