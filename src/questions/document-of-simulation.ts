/** The result of a simulation as it stands in `--json`: a contract, with a published schema. */
import { coveredWords } from './covered.ts';
import { type StepDocument, stepDocuments } from './document.ts';
import { PROGRESS, type SimulatedProperty, type SimulateResult, type WalkFound } from './simulate.ts';

export interface SimulateDocument extends Omit<SimulateResult, 'properties' | 'places'> {
  readonly properties: readonly (Omit<SimulatedProperty, 'found'> &
    Partial<Omit<WalkFound, 'counterexample'>> & {
      readonly depth?: number;
      readonly counterexample?: readonly StepDocument[];
    })[];
  readonly covered?: string;
  /** Ids of the progress properties, which walks cannot judge. */
  readonly notJudged: readonly string[];
}

export const simulateDocument = ({ places, properties, ...result }: SimulateResult): SimulateDocument => ({
  ...result,
  ...(coveredWords(result.bounds) === undefined ? {} : { covered: coveredWords(result.bounds) as string }),
  properties: properties.map(({ found, ...property }) => {
    if (found === undefined) return property;
    const { counterexample, ...how } = found;
    return {
      ...property,
      ...how,
      depth: counterexample.depth,
      counterexample: stepDocuments(counterexample, places),
    };
  }),
  notJudged: PROGRESS,
});
