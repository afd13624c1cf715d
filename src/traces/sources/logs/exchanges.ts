/** Exchanges by the names that logs have for them. */

/** Under the names that IANA has registered, as events have them: by name those of RFC 7296, others by number. */
export const REGISTERED_EXCHANGES: ReadonlyMap<string, string> = new Map([
  ['IKE_SA_INIT', 'IKE_SA_INIT'],
  ['IKE_AUTH', 'IKE_AUTH'],
  ['CREATE_CHILD_SA', 'CREATE_CHILD_SA'],
  ['INFORMATIONAL', 'INFORMATIONAL'],
  ['IKE_SESSION_RESUME', '38'],
  ['GSA_AUTH', '39'],
  ['GSA_REGISTRATION', '40'],
  ['GSA_REKEY', '41'],
  ['IKE_INTERMEDIATE', '43'],
  ['IKE_FOLLOWUP_KE', '44'],
]);

/** With the short names that several logs have besides. */
const EXCHANGES: ReadonlyMap<string, string> = new Map([
  ...REGISTERED_EXCHANGES,
  ['SA_INIT', 'IKE_SA_INIT'],
  ['AUTH', 'IKE_AUTH'],
  ['CREATE_CHILD', 'CREATE_CHILD_SA'],
  ['INTERMEDIATE', '43'],
  ['FOLLOWUP_KE', '44'],
]);

const BY_NUMBER: ReadonlyMap<number, string> = new Map([
  [34, 'IKE_SA_INIT'],
  [35, 'IKE_AUTH'],
  [36, 'CREATE_CHILD_SA'],
  [37, 'INFORMATIONAL'],
]);

/** The exchange as events have it; nothing if the name is not known. */
export const exchangeOf = (name: string): string | undefined => EXCHANGES.get(name);

/** The exchange of this type, as events have it. */
export const exchangeNumbered = (type: number): string => BY_NUMBER.get(type) ?? String(type);
