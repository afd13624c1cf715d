/** What the settings let happen that no text assumes: what breaks then says nothing against a text. */

/**
 * In one sentence; undefined where all is as the texts assume.
 *
 * @param bounds the settings by their names on the command line
 */
export const outsideWords = ({ actives }: Readonly<Record<string, string | number>>): string | undefined =>
  actives === 2
    ? 'actives 2 is outside what RFC 6311 assumes: of a hot-standby cluster one member at a time is active (RFC 6027, 2); what breaks here is no fault of the text'
    : undefined;
