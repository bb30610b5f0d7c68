import { ulid } from 'ulid';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { claimedTime } from './client-message-id.ts';

// The library treats a time of 0 as absent.
const times = fc.integer({ min: 1, max: 2 ** 48 - 1 });

it('reads the time of a ULID', () => {
  fc.assert(fc.property(times, (time) => claimedTime(ulid(time)) === time));
});

it('reads the time of a UUIDv7', () => {
  fc.assert(
    fc.property(times, (time) => {
      const hex = time.toString(16).padStart(12, '0');
      return claimedTime(`${hex.slice(0, 8)}-${hex.slice(8)}-7abc-8abc-0123456789ab`) === time;
    }),
  );
  // RFC 9562, appendix A.6.
  expect(claimedTime('017f22e2-79b0-7cc3-98c4-dc0c0c07398f')).toBe(Date.parse('2022-02-22T19:22:22Z'));
});
