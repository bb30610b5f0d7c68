import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { bypassesDistribution, viewerAddress } from './viewer-address.ts';

describe('viewerAddress', () => {
  beforeAll(() => vi.stubEnv('ORIGIN_KEY', 'the-key'));
  afterAll(() => vi.unstubAllEnvs());

  it('returns the address that the distribution states', () => {
    const headers = { 'x-viewer-address': '203.0.113.7', 'x-origin-key': 'the-key' };
    expect(viewerAddress(headers, '130.176.0.1')).toBe('203.0.113.7');
  });

  it('returns the source address of API Gateway when the caller does not have the distribution’s key', () => {
    expect(viewerAddress({ 'x-viewer-address': '203.0.113.7' }, '198.51.100.1')).toBe('198.51.100.1');
    const forged = { 'x-viewer-address': '203.0.113.7', 'x-origin-key': 'guessed' };
    expect(viewerAddress(forged, '198.51.100.1')).toBe('198.51.100.1');
  });

  it('returns the source address of API Gateway when no header states an address', () => {
    expect(viewerAddress({ 'x-origin-key': 'the-key' }, '198.51.100.1')).toBe('198.51.100.1');
  });
});

describe('bypassesDistribution', () => {
  beforeAll(() => vi.stubEnv('ORIGIN_KEY', 'the-key'));
  afterAll(() => vi.unstubAllEnvs());

  it.each([
    [true, 'true', {}],
    [true, 'true', { 'x-origin-key': 'guessed' }],
    [true, 'true', { 'x-origin-key': '' }],
    [false, 'true', { 'x-origin-key': 'the-key' }],
    [false, 'false', {}],
    [false, 'false', { 'x-origin-key': 'guessed' }],
  ])('returns %s when ONLY_THROUGH_DISTRIBUTION is %s and the headers are %j', (expected, setting, headers) => {
    vi.stubEnv('ONLY_THROUGH_DISTRIBUTION', setting);
    expect(bypassesDistribution(headers)).toBe(expected);
  });
});
