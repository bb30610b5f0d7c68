import { expect } from 'vitest';
import { frameProblems } from '../../../shared/contract/problems.ts';
import { type ConnectedPair, connectedPair } from './connected-pair.ts';
import { actionOf, type ActionName } from '../system/operations.ts';
import { progressOf, report } from '../system/report.ts';
import { acceptedCases } from './accepted-values.ts';
import { acceptedFramesOf, framesOf } from './fuzz-frame.ts';
import { complaintsOfAnswer } from './fuzz-socket.ts';
import type { FuzzWorld } from './fuzz-world.ts';
import { assertSideBySide, lanesOf } from './side-by-side.ts';
import { complaintsAbout, countOf, type FuzzScale, type Tally, tallyText } from './operations-under-fuzz.ts';

const early: ReadonlySet<string> = new Set(frameProblems.map(({ code }) => code));

/** Sends valid and hostile frames through one WebSocket, which must stay open. */
export async function fuzzAction(world: FuzzWorld, name: ActionName, scale: FuzzScale): Promise<void> {
  const action = actionOf(name);
  const { test, writer } = world;
  const pairs = await Promise.all(Array.from({ length: lanesOf(scale) }, () => connectedPair(world)));
  const pairIn = (lane: number): ConnectedPair => pairs[lane % pairs.length] as ConnectedPair;
  const tally: Tally = new Map();
  const progress = progressOf(`fuzz ${name}`, scale.cases);

  const runCase = async (text: string, lane: number): Promise<void> => {
    const { existing, socket } = pairIn(lane);
    const answer = await socket.answerTo(text);
    const complaints = [...complaintsOfAnswer(action, text, answer), ...socket.complaints(), ...complaintsAbout(world)];
    if (complaints.length > 0) throw new Error(`${complaints.join('; ')}\n${JSON.stringify(answer)?.slice(0, 1_000)}`);
    existing.learn(answer.data);
    const result: string = answer.type === 'error' ? answer.problem.code : answer.type;
    tally.set(result, (tally.get(result) ?? 0) + 1);
    progress(countOf(tally));
  };
  const accepted = acceptedCases(scale.cases);
  const ofAccepted = (lane: number) => acceptedFramesOf(action, writer, pairIn(lane).existing);
  await assertSideBySide(ofAccepted, { ...scale, cases: accepted }, runCase);
  const ofAny = (lane: number) => framesOf(action, writer, pairIn(lane).existing);
  await assertSideBySide(ofAny, { ...scale, cases: scale.cases - accepted }, runCase);
  await test.run.settled();
  expect([...pairs.flatMap(({ socket }) => socket.complaints()), ...complaintsAbout(world)]).toEqual([]);
  await Promise.all(pairs.map(({ close }) => close()));
  report(`  fuzz ${name}: ${tallyText(tally)}`);
  const reached = [...tally].filter(([code]) => !early.has(code));
  expect(reached.length, `no frame reached ${name}: ${tallyText(tally)}`).toBeGreaterThan(0);
}
