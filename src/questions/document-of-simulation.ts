/** The result of a simulation as it stands in `--json`: a contract, with a published schema. */
import { coveredWords } from './covered.ts';
import { type StepDocument, stepDocuments } from './document.ts';
import { outsideWords } from './outside.ts';
import { PROGRESS, type SimulatedProperty, type SimulateResult, type WalkFound } from './simulate.ts';

export interface SimulateDocument extends Omit<SimulateResult, 'properties' | 'places'> {
  readonly properties: readonly (Omit<SimulatedProperty, 'found'> &
    Partial<Omit<WalkFound, 'counterexample'>> & {
      readonly depth?: number;
      readonly counterexample?: readonly StepDocument[];
    })[];
  readonly covered?: string;
  readonly outside?: string;
  /** Ids of the progress properties, which walks cannot judge. */
  readonly notJudged: readonly string[];
}

/** Sentences on the settings, where there is something to say. */
const remarks = ({ bounds }: SimulateResult): Pick<SimulateDocument, 'covered' | 'outside'> => {
  const [covered, outside] = [coveredWords(bounds), outsideWords(bounds)];
  return { ...(covered === undefined ? {} : { covered }), ...(outside === undefined ? {} : { outside }) };
};

export const simulateDocument = ({ places, properties, ...result }: SimulateResult): SimulateDocument => ({
  ...result,
  ...remarks({ places, properties, ...result }),
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
