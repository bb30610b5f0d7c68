import { describe, expect, it } from 'vitest';
import { createServerClock } from './server-clock.ts';

const minute = 60_000;

function clockAt(start: number) {
  const device = { now: start };
  return { device, clock: createServerClock(() => device.now) };
}

describe('the server’s clock', () => {
  it('shows the device’s time until the first answer', () => {
    const { clock } = clockAt(1000);
    expect(clock.now()).toBe(1000);
  });

  it('assumes that an answer’s time is in the middle between request and receipt', () => {
    const { device, clock } = clockAt(1_000_100);
    clock.learn(5_000_000, 1_000_000, 1_000_100);
    device.now = 1_000_100;
    expect(clock.now()).toBeCloseTo(5_000_050, -1);
  });

  it('prefers quick answers and exact times', () => {
    const { clock } = clockAt(1_000_000);
    clock.learn(5_000_000, 999_990, 1_000_000);
    clock.learn(9_000_000, 990_000, 1_000_000);
    clock.learn(9_000_000, 999_999, 1_000_000, 1000);
    expect(clock.now()).toBeCloseTo(5_000_005, -1);
  });

  it('accepts any answer once the estimate is old or the device’s clock was set back', () => {
    for (const shift of [11 * minute, -1]) {
      const { device, clock } = clockAt(1_000_000);
      clock.learn(5_000_000, 1_000_000, 1_000_000);
      device.now += shift;
      clock.learn(9_000_000, device.now - 10_000, device.now);
      expect(clock.now()).toBeCloseTo(9_005_000, -1);
    }
  });

  it('adopts the time of a server that rejected the estimate', () => {
    const { clock } = clockAt(1_000_000);
    clock.learn(5_000_000, 1_000_000, 1_000_000);
    clock.adopt(2_000_000);
    expect(clock.now()).toBe(2_000_000);
    clock.learn(3_000_000, 900_000, 1_000_000);
    expect(clock.now()).not.toBe(2_000_000);
  });

  it('ignores invalid times', () => {
    const { clock } = clockAt(1000);
    clock.learn(Number.NaN, 0, 0);
    clock.adopt(Number.NaN);
    expect(clock.now()).toBe(1000);
  });
});
