/** Whatever the specification can do, the validator finds conformant, whoever saw it; what it gets wrong is listed. */
import { describe, expect, it } from 'vitest';
import { revisions, rfc6311, scenarios, settingsFor } from '../../model/index.ts';
import { revisionNamed, scenarioNamed, settingsWith } from '../check/check.ts';
import { readEvents, writeEvents } from '../traces/jsonl.ts';
import { validate } from '../traces/validate.ts';
import { type Generated, generate } from './generate.ts';
import { type Case, misjudgements, unfounded } from './misjudged.ts';
import { mutate, usualPlaces } from './mutate.ts';
import { type Observer, observers } from './observe.ts';

const SEED = 5;
const STEPS = 40;

const tracesOf = (
  revision: string,
  name: string,
  observer: Observer,
  walks: number,
  first = 0,
): readonly Case[] => {
  const named = revisionNamed(revision);
  const settings = settingsFor(scenarioNamed(name), 'medium', named);
  return generate({ revision: named, settings, observer, seed: SEED, walks, steps: STEPS, first }).map(
    (generated) => ({ revision, settings, generated }),
  );
};

const judge = ({ revision, generated }: Case) =>
  validate(generated.events, { revision: revisionNamed(revision) });

const isListed = (seen: Case): boolean => {
  const wrong = unfounded(judge(seen), seen.generated);
  return wrong.length > 0 && wrong.every((finding) => misjudgements.some(({ fits }) => fits(seen, finding)));
};

describe('generated traces are judged rightly', () => {
  it.each(revisions.map(({ name }) => name))('those of %s', { timeout: 300_000 }, (revision) => {
    const tally = { conformant: 0, borneOut: 0, inconclusive: 0, listed: 0 };
    for (const { name } of scenarios) {
      for (const observer of observers) {
        for (const seen of tracesOf(revision, name, observer, 3)) {
          const result = judge(seen);
          const { generated, settings } = seen;
          const where = `${revision} ${name} ${observer} trace ${generated.naming.trace}`;
          const wrong = unfounded(result, generated);
          if (wrong.length > 0) {
            expect(isListed(seen), `${where}: ${wrong[0]?.message}`).toBe(true);
            tally.listed++;
          } else if (result.verdict === 'violates') tally.borneOut++;
          else if (result.verdict === 'inconclusive') {
            expect(result.missing, where).not.toEqual([]);
            const isPartial = !generated.contents || generated.late > 0 || generated.events.length === 0;
            expect(isPartial || settings.window > 1, `${where}: ${result.missing.join()}`).toBe(true);
            tally.inconclusive++;
          } else tally.conformant++;
        }
      }
    }
    expect(tally.conformant).toBeGreaterThan(40);
    // Every finding in a full observation is borne out, but for what the list says.
    expect(tally.listed).toBeLessThan(revision === 'ipsecha-01' ? 160 : 15);
  });
});

describe('what the validator is known to get wrong', () => {
  it.each(misjudgements.map(({ id, ...rest }) => [id, rest] as const))(
    '%s is still wrong; once it is not, take it off the list',
    (_, { example, fits }) => {
      const { revision, scenario, observer, trace } = example;
      const [seen] = tracesOf(revision, scenario, observer, 1, trace);
      const wrong = seen === undefined ? [] : unfounded(judge(seen), seen.generated);
      expect(wrong.some((finding) => seen !== undefined && fits(seen, finding))).toBe(true);
    },
  );
});

describe('a generated trace', () => {
  const request = {
    revision: rfc6311,
    settings: settingsFor(scenarioNamed('combined'), 'medium', rfc6311),
    seed: 1,
    steps: 60,
    walks: 6,
  } as const;
  const eventsOf = (traces: readonly Generated[]) => traces.flatMap(({ events }) => events);

  it.each(observers)('is of our schema, the same for the same seed, and judged SA by SA (%s)', (observer) => {
    const traces = generate({ ...request, observer });
    const text = writeEvents(eventsOf(traces));
    expect(readEvents('x.jsonl', text)).toEqual(eventsOf(traces));
    expect(writeEvents(eventsOf(generate({ ...request, observer })))).toBe(text);
    expect(writeEvents(eventsOf(generate({ ...request, observer, seed: 2 })))).not.toBe(text);
    if (observer === 'wire') expect(validate(eventsOf(traces)).statistics.ikeSas).toBe(6);
  });

  it('holds what passes the tap, and no more', () => {
    const [all, wire, peer] = (['all', 'wire', 'peer-tap'] as const).map((observer) =>
      eventsOf(generate({ ...request, observer })),
    );
    const kinds = new Set(all?.map(({ event }) => event));
    for (const kind of ['sent', 'accepted', 'failover', 'state-sync'] as const) expect(kinds).toContain(kind);
    expect(new Set(wire?.map(({ event }) => event))).toEqual(new Set(['seen']));
    const octets = (events: typeof all) =>
      new Set(events?.flatMap((event) => ('octets' in event ? [event.octets] : [])));
    // A tap at the peer misses what never arrives there, and sees nothing that was not sent.
    expect(octets(peer).size).toBeLessThan(octets(wire).size);
    expect([...octets(peer)].filter((each) => !octets(wire).has(each))).toEqual([]);
  });

  it('shows who announced what in IKE_AUTH', () => {
    const settings = settingsWith(
      request.settings,
      ['message-id-sync=peer', 'replay-counter-sync=neither'],
      rfc6311,
    );
    const [trace] = generate({ ...request, settings, observer: 'wire', walks: 1 });
    const announces = trace?.events.flatMap((event) =>
      'message' in event && event.message.kind === 'ike' && event.message.exchange === 'IKE_AUTH'
        ? [[event.from, event.message.payloads?.some((each) => each.type === 'N' && each.notify === 16420)]]
        : [],
    );
    const peer = trace?.naming.clusterIs === 'initiator' ? 'responder' : 'initiator';
    expect(announces).toEqual([
      ['initiator', peer === 'initiator'],
      ['responder', peer === 'responder'],
    ]);
  });
});

describe('mutations', () => {
  it('are caught with a rule that is right, or there is a reason', { timeout: 300_000 }, async () => {
    const tallies = await mutate({
      revision: rfc6311,
      places: usualPlaces(rfc6311),
      seed: 1,
      walks: 4,
      steps: 60,
    });
    for (const { mutation, tried, otherwise, missed, unseen } of tallies) {
      expect(tried, mutation).toBeGreaterThan(2);
      if (unseen === undefined)
        expect({ mutation, otherwise, missed }).toEqual({ mutation, otherwise: 0, missed: 0 });
      // A reason is one for some cases, not an excuse for all; P1 is a question whatever it is.
      else if (mutation !== 'lower-p1') expect(missed + otherwise).toBeLessThan(tried / 4);
    }
  });
});
