/** Ports besides UDP 500 and 4500 and TCP 4500 that carry IKE and ESP, as a user says. */
export interface Ports {
  readonly udp: ReadonlySet<number>;
  readonly tcp: ReadonlySet<number>;
}

export const NO_PORTS: Ports = { udp: new Set(), tcp: new Set() };
