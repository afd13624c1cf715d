import { expect, it } from 'vitest';
import { withoutPort, withPort } from './address.ts';

it.each(['10.77.0.1', '2001:db8::1', '::1'])(
  'takes the port off %s again, and leaves the address alone',
  (address) => {
    expect(withoutPort(withPort(address, 4500))).toBe(address);
    expect(withoutPort(address)).toBe(address);
  },
);

it.each(['gateway:', 'gateway:45a', 'gateway', ''])('leaves %j alone, which has no port', (address) => {
  expect(withoutPort(address)).toBe(address);
});
