/**
 * The numbers and names of the two protocols, each of a type of its own: a Message ID is not handed over where a
 * sequence number is asked for. Literals may be written as they are.
 */
import type { Endpoint } from './messages.ts';

/** A value of `T` that carries a name only for the compiler. */
type Named<T, Name extends string> = T & { readonly [named]?: Name };
declare const named: unique symbol;

/** A Message ID of IKE (RFC 7296, 2.2): an integer from 0 to 2^32 - 1. */
export type MessageId = Named<number, 'Message ID'>;

/** The largest Message ID, 2^32 - 1. */
export const MAX_MESSAGE_ID: MessageId = 0xffff_ffff;

/** A sequence number of ESP (RFC 4303, 2.2): an integer from 1; 0 stands for none. */
export type SequenceNumber = Named<number, 'sequence number'>;

/** The largest sequence number without ESN, 2^32 - 1. */
export const MAX_SEQUENCE_NUMBER: SequenceNumber = 0xffff_ffff;

/**
 * The largest extended sequence number that we count to, 2^53 - 1. RFC 4303 has 2^64 - 1; numbers beyond what can
 * be held exactly are refused rather than rounded.
 */
export const MAX_EXTENDED_SEQUENCE_NUMBER: SequenceNumber = Number.MAX_SAFE_INTEGER;

/** The largest sequence number of an SA. */
export const largestNumber = (esn: boolean): SequenceNumber =>
  esn ? MAX_EXTENDED_SEQUENCE_NUMBER : MAX_SEQUENCE_NUMBER;

/** Stands for the SPIs of both directions of a Child SA. */
export type Spi = Named<string, 'SPI'>;

/** An IKE SA among those that replaced one another (RFC 7296, 2.8). */
export type IkeSaName = Named<string, 'IKE SA'>;

/**
 * What a request asks, apart from its Message ID: two messages with the same number and the same content are
 * octet-identical, hence retransmissions; two with other contents are two requests.
 */
export type Content = Named<number, 'content'> | Named<string, 'content'>;

/** The 4 random octets of a sync request. In the model no two requests share one. */
export type Nonce = Named<number, 'nonce'> | Named<string, 'nonce'>;

/**
 * The nonce of the sync request that an end makes after `made` others: no two have the same, whichever end sends them.
 */
export const nonceOf = (end: Endpoint, made: number): Nonce => (end === 'cluster' ? made : `p${made}`);

/** The Failover Count of the October 2010 revision: an integer, 0 or more. */
export type FailoverCount = Named<number, 'Failover Count'>;
