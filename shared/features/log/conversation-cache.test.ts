import { expect, it } from 'vitest';
import { type CacheTrust, isTrustworthy, observed } from './conversation-cache.ts';

const fullTrust: CacheTrust = { currentShare: 1 };

function after(start: CacheTrust, outcomes: readonly boolean[]): CacheTrust {
  return outcomes.reduce(observed, start);
}

it('trusts the cache from the start and while it is current', () => {
  expect(isTrustworthy(fullTrust)).toBe(true);
  expect(isTrustworthy(after(fullTrust, Array<boolean>(100).fill(true)))).toBe(true);
});

it('loses trust when the cache is often stale and regains it when the cache is current again', () => {
  const lost = after(fullTrust, [false]);
  expect(isTrustworthy(lost)).toBe(false);
  expect(isTrustworthy(after(lost, [true, true, true]))).toBe(true);
  expect(isTrustworthy(after(fullTrust, [false, true, false, true, false, true]))).toBe(false);
});

it('keeps trust for most writes when one conversation in twenty is stale', () => {
  const outcomes = Array.from({ length: 200 }, (_, index) => index % 20 !== 0);
  const trusted = outcomes.map((_, index) => isTrustworthy(after(fullTrust, outcomes.slice(0, index + 1))));
  expect(trusted.filter(Boolean).length).toBeGreaterThan(160);
});
