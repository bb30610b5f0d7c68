import { expect, it } from 'vitest';
import { fullTrust, isTrustworthy, type MemoryTrust, observed } from './memory-trust-rules.ts';

function after(start: MemoryTrust, outcomes: readonly boolean[]): MemoryTrust {
  return outcomes.reduce(observed, start);
}

it('begins with trust, and keeps it while memory is current', () => {
  expect(isTrustworthy(fullTrust)).toBe(true);
  expect(isTrustworthy(after(fullTrust, Array<boolean>(100).fill(true)))).toBe(true);
});

it('is lost at once where memory is often stale, and comes back when it is current again', () => {
  const lost = after(fullTrust, [false]);
  expect(isTrustworthy(lost)).toBe(false);
  expect(isTrustworthy(after(lost, [true, true, true]))).toBe(true);
  expect(isTrustworthy(after(fullTrust, [false, true, false, true, false, true]))).toBe(false);
});

it('is not lost for one stale conversation in twenty', () => {
  const outcomes = Array.from({ length: 200 }, (_, index) => index % 20 !== 0);
  const trusted = outcomes.map((_, index) => isTrustworthy(after(fullTrust, outcomes.slice(0, index + 1))));
  expect(trusted.filter(Boolean).length).toBeGreaterThan(160);
});
