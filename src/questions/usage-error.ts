/** A run of the model, as the report shows it. */
export interface UsageRun {
  readonly initial: readonly unknown[];
  readonly steps: readonly unknown[];
  /** Names of the boxes and counts. */
  readonly places: readonly string[];
}

/** What a user asked for cannot be done: said in one line, with what to do instead. Ends in exit status 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
  readonly hint: string;
  /** The run that led there: shown below, if there is one. */
  run?: UsageRun;

  constructor(message: string, hint: string) {
    super(message);
    this.hint = hint;
  }
}
