/** Whether the bump covers what it should be tested against: then the size of the counters says nothing of it. */

/**
 * In one sentence; undefined where there is no bump, or nothing that a snapshot could lack.
 *
 * @param bounds the settings by their names on the command line
 */
export function coveredWords(bounds: Readonly<Record<string, string | number>>): string | undefined {
  const { bump, lag, 'state-sync': stateSync } = bounds;
  const requests = withDeletes(bounds);
  if (typeof bump !== 'number' || typeof requests !== 'number' || requests === 0) return undefined;
  if (stateSync === 'any' || stateSync === 'never') {
    const which = requests === bounds['requests'] ? 'requests' : 'requests, DELETEs among them,';
    const all = requests === 1 ? 'the one request' : `all ${requests} ${which}`;
    return bump >= requests
      ? `bump ${bump} covers ${all} that a snapshot can lack; in periodic-state-sync it is the window, as the text recommends`
      : `bump ${bump} does not cover ${all} that a snapshot can lack (state-sync=${stateSync}): the text expects no such snapshot`;
  }
  if (stateSync !== 'periodic' || typeof lag !== 'number') return undefined;
  return bump >= lag
    ? `bump ${bump} covers the ${lag} of ${requests} requests that a snapshot can lack (lag)`
    : `bump ${bump} does not cover the ${lag} of ${requests} requests that a snapshot can lack (lag)`;
}

/**
 * How many requests of the cluster a snapshot can lack: those that an application wants, and the DELETE of each Child SA
 * that one of them replaced, which each member sends anew that takes over.
 */
function withDeletes({
  requests,
  failovers,
  rekey,
  'rekey-old': rekeyOld,
  'rekey-by': rekeyBy,
}: Readonly<Record<string, string | number>>): number | undefined {
  if (typeof requests !== 'number') return undefined;
  const deletes =
    (rekeyBy === 'both' || (rekeyOld === 'until-delete' && rekeyBy !== 'peer')) &&
    (rekey === 'child' || rekey === 'both');
  return deletes ? requests * (1 + Math.max(1, Number(failovers))) : requests;
}
