import { afterAll, beforeAll, expect, it } from 'vitest';
import { sized } from '../../faults/scale.ts';
import { seed } from '../../reporting/seed.ts';
import type { TestRun } from '../harness.ts';
import { sharedTestRun } from '../shared-run.ts';
import { raceToTake, raceWorldOf, randomOf, sentAfterClose, storm } from './desk-races.ts';

const races = Number(process.env['RACES'] ?? sized(10_000, 300));
const atOnce = 4;
const stormWidth = 6;
const graceMs = 60_000;

let test: TestRun;
beforeAll(async () => {
  test = await sharedTestRun();
});
afterAll(() => test.stop());

/** A tenant ends before its people's tokens expire, and before its tables take long to read. */
const racesOfTenant = 500;
const tenants = Array.from({ length: Math.ceil(races / 2 / racesOfTenant) }, (_, index) => index + 1);
const racesEach = Math.ceil(races / 2 / tenants.length);

it.each(tenants)(
  'gives a conversation to exactly one of several agents who take it at once: tenant %i',
  async (tenant) => {
    const random = randomOf(seed + 2 * tenant);
    const world = await raceWorldOf(test, `take-${tenant}`, 'off', 2);
    const ids = await Promise.all(Array.from({ length: atOnce }, () => world.desk.start(world.desk.customer)));
    for (let race = 0; race < racesEach; race += atOnce) {
      const faults = await Promise.all(ids.map((id) => raceToTake(world, id, random)));
      expect(faults.flat()).toEqual([]);
    }
    await test.run.settled();
    const content = await world.tables.read();
    expect([...content.violations(), ...content.overloaded()]).toEqual([]);
    expect([...content.agents.values()].filter(({ load }) => load !== 0)).toEqual([]);
  },
);

it.each(tenants)(
  'overlooks no conversation and overloads no agent while people and the service assign at once: tenant %i',
  async (tenant) => {
    const random = randomOf(seed + 2 * tenant + 1);
    const world = await raceWorldOf(test, `storm-${tenant}`, 'on', 3);
    const ids = [await world.desk.start(world.desk.customer), await world.desk.start(world.desk.customer)];
    for (let done = 0; done < racesEach; done += stormWidth) {
      expect(await storm(world, ids, random, stormWidth)).toEqual([]);
      if (done % (10 * stormWidth) !== 0 && done + stormWidth < racesEach) continue;
      await test.run.settled();
      const content = await world.tables.read();
      expect(content.violations()).toEqual([]);
      expect(content.overloaded()).toEqual([]);
      expect(content.overlooked(graceMs, Date.now() + test.run.timers.clockOffsetMs)).toEqual([]);
    }
    expect(await sentAfterClose(world, ids)).toEqual([]);
  },
);
