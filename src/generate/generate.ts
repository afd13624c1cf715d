/** Traces from the specification: what an observer sees of random runs. */
import { type Revision, type Settings, safetyProperties } from '../../model/index.ts';
import { Random } from '../explore/walk/random.ts';
import { stepsOf } from '../explore/walk/retell.ts';
import { pathMaker } from '../explore/walk/walks.ts';
import { systemOf } from '../questions/system-of.ts';
import { establishedIn, type Observer, observed, type Run, type Seen } from './observe.ts';
import { clusterEnd, isRekeying, type Naming } from './wire.ts';

export interface GenerateRequest {
  readonly revision: Revision;
  readonly settings: Settings;
  readonly observer: Observer;
  readonly seed: number;
  /** Number of runs, each one an IKE SA of its own. */
  readonly walks: number;
  /** Number of the first of them, from 0: a run does not depend on those before it. */
  readonly first?: number;
  /** Steps of a run at most. */
  readonly steps: number;
}

/** A run with what was seen of it. */
export interface Generated extends Seen {
  readonly run: Run;
  readonly naming: Naming;
  /** Ids of the safety properties that the run itself breaks: what a revision does not prevent, its runs show. */
  readonly breaks: readonly string[];
}

/** Numbers of the observer have nothing to do with those of the walk. */
const OBSERVER_STREAM = 0x4000_0000;

export function generate(request: GenerateRequest): readonly Generated[] {
  const { revision, settings, seed, observer } = request;
  const system = systemOf(revision, settings);
  const pathFor = pathMaker(system);
  return Array.from({ length: request.walks }, (_, index): Generated => {
    const trace = (request.first ?? 0) + index;
    const path = pathFor(seed, trace + 1, request.steps);
    const run: Run = { initial: system.initial[path.initial] ?? [], steps: stepsOf(system, path) };
    const random = new Random(seed, OBSERVER_STREAM + trace);
    const wish = random.below(2) === 0 ? 'responder' : 'initiator';
    const sa = establishedIn(run);
    const naming: Naming = {
      trace,
      clusterIs: sa === undefined ? wish : clusterEnd(sa, wish),
      // Counters near their maximum are those of an IKE SA that has been there for long.
      handshake: settings.counters !== 'near-maximum',
      esn: settings.esn === 'on',
      copiesAlways: settings.stateSync === 'each-step' || settings.stateSync === 'ike-each-step',
      copiesLate: settings.stateSyncOrder === 'delayed',
      ...(revision.exchanges === undefined ? {} : { exchanges: revision.exchanges }),
      rekeying: new Set(
        run.steps
          .flatMap(({ action, sent }) => action.sent ?? sent)
          .flatMap((message) =>
            message.kind === 'request' && isRekeying(message.asks) ? [message.content] : [],
          ),
      ),
    };
    const breaks = brokenBy(run);
    return { run, naming, ...observed(run, observer, naming, random), breaks };
  });
}

/** The safety properties that a run breaks. */
const brokenBy = ({ steps }: Run): readonly string[] =>
  safetyProperties.flatMap(({ id, watch }) => {
    let state = watch.initial;
    for (const observation of steps.flatMap(({ observations }) => observations)) {
      const seen = watch.observe(state, observation);
      if (!seen.ok) return [id];
      state = seen.state;
    }
    return [];
  });
