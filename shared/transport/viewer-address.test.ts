import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { bypassesDistribution, viewerAddress } from './viewer-address.ts';

describe('the address of a caller', () => {
  beforeAll(() => vi.stubEnv('ORIGIN_KEY', 'the-key'));
  afterAll(() => vi.unstubAllEnvs());

  it('is the one that the distribution names', () => {
    const headers = { 'x-viewer-address': '203.0.113.7', 'x-origin-key': 'the-key' };
    expect(viewerAddress(headers, '130.176.0.1')).toBe('203.0.113.7');
  });

  it('is the one that the gateway saw if a caller names itself', () => {
    expect(viewerAddress({ 'x-viewer-address': '203.0.113.7' }, '198.51.100.1')).toBe('198.51.100.1');
    const forged = { 'x-viewer-address': '203.0.113.7', 'x-origin-key': 'guessed' };
    expect(viewerAddress(forged, '198.51.100.1')).toBe('198.51.100.1');
  });

  it('is the one that the gateway saw if nobody names one', () => {
    expect(viewerAddress({ 'x-origin-key': 'the-key' }, '198.51.100.1')).toBe('198.51.100.1');
  });
});

describe('a request around the distribution', () => {
  beforeAll(() => vi.stubEnv('ORIGIN_KEY', 'the-key'));
  afterAll(() => vi.unstubAllEnvs());

  it.each([
    ['true', {}, true],
    ['true', { 'x-origin-key': 'guessed' }, true],
    ['true', { 'x-origin-key': '' }, true],
    ['true', { 'x-origin-key': 'the-key' }, false],
    ['false', {}, false],
    ['false', { 'x-origin-key': 'guessed' }, false],
  ])('is recognised when the stage accepts only the distribution’s requests: %s, %j', (only, headers, around) => {
    vi.stubEnv('ONLY_THROUGH_DISTRIBUTION', only);
    expect(bypassesDistribution(headers)).toBe(around);
  });
});
