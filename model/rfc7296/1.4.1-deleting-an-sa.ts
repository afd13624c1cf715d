/**
 * RFC 7296, 1.4.1, "Deleting an SA with INFORMATIONAL Exchanges". Both directions of a Child SA have one name here, and
 * are closed together: that a DELETE names the incoming one, and its response the other, makes no difference.
 */
import type { Revision } from '../revisions/revision.ts';
import { rule } from '../rule.ts';
import { confirmed, isReplaced, type SaState } from '../state/member.ts';
import type { Endpoint } from '../state/messages.ts';
import type { Spi } from '../state/numbers.ts';

/** RFC 7296, 1.4.1. Whether a Child SA is closed by the recipient of a DELETE. */
export const closesDeleted = rule(
  {
    id: 'RFC7296-1.4.1-CLOSE-DELETED',
    part: 'ike',
    level: 'MUST',
    actor: 'responder',
    confidence: 'A',
    title: 'The recipient of a DELETE closes the Child SA',
    says: 'To delete an SA, an INFORMATIONAL request lists its SPI in a Delete payload; the recipient closes that SA and the one in the other direction, and answers. Who asked closes both as well: here, when the response has come, so that what was under way still gets in (our reading).',
    returns: 'truth',
    seenBy: 'nobody',
    // It answers, and goes on with the SA.
    absent: () => false,
  },
  (spi: Spi, deleted: Spi): boolean => spi === deleted,
);

/**
 * The Child SAs of an end once a DELETE was processed, or answered. The request to close an SA that was replaced shows
 * its recipient that the other end receives on the new one (2.8).
 *
 * @param at the end that they are of
 * @param by the end that sent the DELETE
 */
export const afterDelete = (
  { ike }: Pick<Revision, 'ike'>,
  sa: SaState,
  at: Endpoint,
  by: Endpoint,
  deleted: Spi,
): SaState => {
  const closed = sa.childSas.find(({ spi }) =>
    at === by ? spi === deleted : ike.closesDeleted(spi, deleted),
  );
  // What the closed one had replaced, and what is still there, is no less old for that.
  const before = closed !== undefined && isReplaced(sa, closed) ? closed.replaces : undefined;
  return {
    ...sa,
    childSas: sa.childSas
      .filter((child) => child !== closed)
      .map((child) => (child.spi === before?.spi ? { ...child, replacedBy: before.by } : child))
      .map((child) =>
        at !== by && child.unconfirmed && child.replaces?.spi === deleted ? confirmed(child) : child,
      ),
  };
};
