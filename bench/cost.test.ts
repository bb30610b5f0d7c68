import { describe, expect, it } from 'vitest';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { silentDeviceDollars } from './bounds-of-figures.ts';
import { costPerMillion, frameUnits, gibSecondsOf, type Usage } from './cost.ts';
import { prices } from './prices.ts';
import { silentDeviceCost } from './silent-device.ts';

const nothing = Object.fromEntries(Object.keys(prices).map((charge) => [charge, 0])) as unknown as Usage;

describe('a cost', () => {
  it('adds up counts times prices for a million messages', () => {
    const usage = { ...nothing, socketMessages: 30, invocations: 10, gibSeconds: 0.075, writeUnits: 10, readUnits: 5 };
    const { dollarsPerMillion, parts } = costPerMillion(usage, 10);
    expect(parts).toEqual({
      socketMessages: 3,
      invocations: 0.2,
      gibSeconds: expect.closeTo(0.1, 6),
      writeUnits: 0.625,
      readUnits: 0.0625,
    });
    expect(dollarsPerMillion).toBeCloseTo(3.9875, 4);
  });

  it('omits charges without a price', () => {
    const usage = { ...nothing, sessionRequests: 1000, streamReads: 1000 };
    expect(costPerMillion(usage, 1)).toEqual({ dollarsPerMillion: 0, parts: {} });
  });

  it.each([0, -1])('rejects a division by %i messages', (messages) => {
    expect(() => costPerMillion(nothing, messages)).toThrow(RangeError);
  });

  it.each([
    [0, 1],
    [1, 1],
    [32 * 1024, 1],
    [32 * 1024 + 1, 2],
    [128 * 1024, 4],
  ])('charges a frame of %i bytes as %i units', (bytes, units) => {
    expect(frameUnits(bytes)).toBe(units);
  });

  it.each([
    [1024, 0, 0.015],
    [512, 4, 0.0075],
    [512, 54, 0.0575],
  ])('bills %i MiB and %i calls as %f GB-seconds', (memory, calls, gibSeconds) => {
    expect(gibSecondsOf(memory, calls)).toBeCloseTo(gibSeconds, 6);
  });
});

describe('an always connected, silent device', () => {
  const freeAction = { usage: nothing, logBytes: 0, edgeRequests: 0 };

  it('is billed by the minute, even when idle', () => {
    const idle = { pingEveryMinutes: 4, ping: freeAction, renewal: freeAction };
    expect(silentDeviceCost(idle)).toBeCloseTo((43_800 * 0.25) / 1e6, 6);
  });

  it('costs its pings, its renewals and their logs', () => {
    const ping = { usage: { ...nothing, socketMessages: 2 }, logBytes: 1000, edgeRequests: 0 };
    const renewal = { usage: { ...nothing, signatures: 1 }, logBytes: 0, edgeRequests: 2 };
    const dollars = silentDeviceCost({ pingEveryMinutes: 4, ping, renewal });
    // 10,950 pings, and 3,129 renewals one minute before the token expires.
    expect(dollars).toBeCloseTo(0.01095 + (10_950 * 2.5) / 1e6 + ((43_800 / 14) * 17.2) / 1e6, 6);
  });

  it('has the same figure in the deployment guide', () => {
    const guide = readFileSync(join(import.meta.dirname, '../docs/deployment.md'), 'utf8');
    expect(guide).toContain(
      `A device that is always connected costs at most $${silentDeviceDollars.toFixed(2)} a month`,
    );
  });
});
