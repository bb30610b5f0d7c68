import { describe, expect, it } from 'vitest';
import { createServerClock } from './server-clock.ts';

const minute = 60_000;

function clockAt(start: number) {
  const device = { now: start };
  return { device, clock: createServerClock(() => device.now) };
}

describe('the server’s clock', () => {
  it('is the device’s until an answer told better', () => {
    const { clock } = clockAt(1000);
    expect(clock.now()).toBe(1000);
  });

  it('takes an answer’s time as the middle of the way there and back', () => {
    const { device, clock } = clockAt(1_000_100);
    clock.learn(5_000_000, 1_000_000, 1_000_100);
    device.now = 1_000_100;
    expect(clock.now()).toBeCloseTo(5_000_050, -1);
  });

  it('believes the quicker answer more than the slower, and the exact more than the coarse', () => {
    const { clock } = clockAt(1_000_000);
    clock.learn(5_000_000, 999_990, 1_000_000);
    clock.learn(9_000_000, 990_000, 1_000_000);
    clock.learn(9_000_000, 999_999, 1_000_000, 1000);
    expect(clock.now()).toBeCloseTo(5_000_005, -1);
  });

  it('believes any news once what it learnt is old, or the device’s clock was set back', () => {
    for (const shift of [11 * minute, -1]) {
      const { device, clock } = clockAt(1_000_000);
      clock.learn(5_000_000, 1_000_000, 1_000_000);
      device.now += shift;
      clock.learn(9_000_000, device.now - 10_000, device.now);
      expect(clock.now()).toBeCloseTo(9_005_000, -1);
    }
  });

  it('takes the server’s word when it refused the time that we had', () => {
    const { clock } = clockAt(1_000_000);
    clock.learn(5_000_000, 1_000_000, 1_000_000);
    clock.adopt(2_000_000);
    expect(clock.now()).toBe(2_000_000);
    clock.learn(3_000_000, 900_000, 1_000_000);
    expect(clock.now()).not.toBe(2_000_000);
  });

  it('learns nothing from what is no time', () => {
    const { clock } = clockAt(1000);
    clock.learn(Number.NaN, 0, 0);
    clock.adopt(Number.NaN);
    expect(clock.now()).toBe(1000);
  });
});
