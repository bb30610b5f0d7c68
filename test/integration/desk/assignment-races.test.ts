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

it('gives a conversation to exactly one of several agents who take it at once', async () => {
  const random = randomOf(seed);
  const world = await raceWorldOf(test, 'take', 'off', 2);
  const ids = await Promise.all(Array.from({ length: atOnce }, () => world.desk.start(world.desk.customer)));
  for (let race = 0; race < races / 2; race += atOnce) {
    const faults = await Promise.all(ids.map((id) => raceToTake(world, id, random)));
    expect(faults.flat()).toEqual([]);
  }
  await test.run.settled();
  const content = await world.tables.read();
  expect([...content.violations(), ...content.overloaded()]).toEqual([]);
  expect([...content.agents.values()].filter(({ load }) => load !== 0)).toEqual([]);
});

it('overlooks no conversation and overloads no agent while people and the service assign at once', async () => {
  const random = randomOf(seed + 1);
  const world = await raceWorldOf(test, 'storm', 'on', 3);
  const ids = [await world.desk.start(world.desk.customer), await world.desk.start(world.desk.customer)];
  const steps = races / 2;
  for (let done = 0; done < steps; done += stormWidth) {
    expect(await storm(world, ids, random, stormWidth)).toEqual([]);
    if (done % (10 * stormWidth) !== 0 && done + stormWidth < steps) continue;
    await test.run.settled();
    const content = await world.tables.read();
    expect(content.violations()).toEqual([]);
    expect(content.overloaded()).toEqual([]);
    expect(content.overlooked(graceMs, Date.now() + test.run.timers.clockOffsetMs)).toEqual([]);
  }
  expect(await sentAfterClose(world, ids)).toEqual([]);
});
