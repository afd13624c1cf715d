/** The result of a simulation as it stands in `--json`: a contract, with a published schema. */
import { coveredWords } from './covered.ts';
import { stepDocuments } from './document.ts';
import { outsideWords } from './outside.ts';
import { PROGRESS, type SimulateResult } from './simulate.ts';

/** Sentences on the settings, where there is something to say. */
const remarks = ({ bounds }: SimulateResult) => {
  const [covered, outside] = [coveredWords(bounds), outsideWords(bounds)];
  return { ...(covered === undefined ? {} : { covered }), ...(outside === undefined ? {} : { outside }) };
};

export const simulateDocument = ({ places, properties, ...result }: SimulateResult) => ({
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
