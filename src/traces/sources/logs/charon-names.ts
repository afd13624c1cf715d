import { REGISTERED_EXCHANGES } from './exchanges.ts';

/** The short names that strongSwan's log has for notifications (its `notify_type_short_names`), and their numbers. */
export const CHARON_NOTIFICATIONS: ReadonlyMap<string, number> = new Map([
  ['CRIT', 1],
  ['INVAL_IKE_SPI', 4],
  ['INVAL_MAJOR', 5],
  ['INVAL_SYN', 7],
  ['INVAL_MID', 9],
  ['INVAL_SPI', 11],
  ['NO_PROP', 14],
  ['INVAL_KE', 17],
  ['AUTH_FAILED', 24],
  ['SINGLE_PAIR', 34],
  ['NO_ADD_SAS', 35],
  ['INT_ADDR_FAIL', 36],
  ['FAIL_CP_REQ', 37],
  ['TS_UNACCEPT', 38],
  ['INVAL_SEL', 39],
  ['UNACCEPT_ADDR', 40],
  ['UNEXPECT_NAT', 41],
  ['TEMP_FAIL', 43],
  ['NO_CHILD_SA', 44],
  ['INIT_CONTACT', 16384],
  ['SET_WINSIZE', 16385],
  ['ADD_TS_POSS', 16386],
  ['IPCOMP_SUPP', 16387],
  ['NATD_S_IP', 16388],
  ['NATD_D_IP', 16389],
  ['COOKIE', 16390],
  ['USE_TRANSP', 16391],
  ['HTTP_CERT_LOOK', 16392],
  ['REKEY_SA', 16393],
  ['ESP_TFC_PAD_N', 16394],
  ['NON_FIRST_FRAG', 16395],
  ['MOBIKE_SUP', 16396],
  ['ADD_4_ADDR', 16397],
  ['ADD_6_ADDR', 16398],
  ['NO_ADD_ADDR', 16399],
  ['UPD_SA_ADDR', 16400],
  ['COOKIE2', 16401],
  ['NO_NATS', 16402],
  ['AUTH_LFT', 16403],
  ['MULT_AUTH', 16404],
  ['AUTH_FOLLOWS', 16405],
  ['REDIR_SUP', 16406],
  ['REDIR', 16407],
  ['REDIR_FROM', 16408],
  ['EAP_ONLY', 16417],
  ['CHDLESS_SUP', 16418],
  ['MSG_ID_SYN_SUP', 16420],
  ['RPL_CTR_SYN_SUP', 16421],
  ['MSG_ID_SYN', 16422],
  ['RPL_CTR_SYN', 16423],
  ['FRAG_SUP', 16430],
  ['HASH_ALG', 16431],
  ['USE_PPK', 16435],
  ['PPK_ID', 16436],
  ['NO_PPK', 16437],
  ['INTERMEDIATE_SUP', 16438],
  ['IKE_INT_SUP', 16438],
  ['ADD_KE', 16441],
  ['USE_AGGFRAG', 16442],
]);

/** The names of payloads that differ from those of RFC 7296. */
export const CHARON_PAYLOADS: ReadonlyMap<string, string> = new Map([
  ['No', 'Nonce'],
  ['CPRQ', 'CP'],
  ['CPRP', 'CP'],
]);

/** The exchanges that charon names, as events have them: those registered, and one of its own. */
export const CHARON_EXCHANGES: ReadonlyMap<string, string> = new Map([
  ...REGISTERED_EXCHANGES,
  ['ME_CONNECT', '240'],
]);

/** Exchanges of IKEv1, which has no Message IDs that count. */
export const IKEV1_EXCHANGES: ReadonlySet<string> = new Set([
  'ID_PROT',
  'AUTH_ONLY',
  'AGGRESSIVE',
  'QUICK_MODE',
  'NEW_GROUP_MODE',
  'INFORMATIONAL_V1',
  'TRANSACTION',
]);
