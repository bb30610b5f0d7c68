import fc from 'fast-check';
import { expect } from 'vitest';
import { frameProblems } from '../../../shared/contract/problems.ts';
import { connectedPair } from './connected-pair.ts';
import { actionOf, type ActionName } from '../system/operations.ts';
import { progressOf, report } from '../system/report.ts';
import { framesOf } from './fuzz-frame.ts';
import { complaintsOfAnswer } from './fuzz-socket.ts';
import type { FuzzWorld } from './fuzz-world.ts';
import { complaintsAbout, countOf, type FuzzScale, type Tally, tallyText } from './operations-under-fuzz.ts';

const early: ReadonlySet<string> = new Set(frameProblems.map(({ code }) => code));

/** Sends an action's handler everything, through a WebSocket that stays open all the while. */
export async function fuzzAction(world: FuzzWorld, name: ActionName, { seed, cases }: FuzzScale): Promise<void> {
  const action = actionOf(name);
  const { test, writer } = world;
  const { known, socket, close } = await connectedPair(world);
  const tally: Tally = new Map();
  const progress = progressOf(`fuzz ${name}`, cases);

  const one = async (text: string): Promise<void> => {
    const answer = await socket.answerTo(text);
    const complaints = [...complaintsOfAnswer(action, text, answer), ...socket.complaints(), ...complaintsAbout(world)];
    if (complaints.length > 0) throw new Error(`${complaints.join('; ')}\n${JSON.stringify(answer)?.slice(0, 1_000)}`);
    known.learn(answer.data);
    const result: string = answer.type === 'error' ? answer.problem.code : answer.type;
    tally.set(result, (tally.get(result) ?? 0) + 1);
    progress(countOf(tally));
  };
  await fc.assert(fc.asyncProperty(framesOf(action, writer, known), one), { seed, numRuns: cases });
  await test.run.settled();
  expect([...socket.complaints(), ...complaintsAbout(world)]).toEqual([]);
  await close();
  report(`  fuzz ${name}: ${tallyText(tally)}`);
  const reached = [...tally].filter(([code]) => !early.has(code));
  expect(reached.length, `nothing got as far as ${name}: ${tallyText(tally)}`).toBeGreaterThan(0);
}
