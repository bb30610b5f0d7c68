import { expect } from 'vitest';
import { bodyProblems, inputProblems, roleProblems, sessionProblems } from '../../../shared/contract/problems.ts';
import { progressOf, report } from '../system/report.ts';
import type { OperationCard } from '../../operations/kit/define-card.ts';
import { acceptedCases } from './accepted-values.ts';
import { acceptedRequestsOf, type FuzzRequest, requestsOf } from './fuzz-request.ts';
import { type FuzzWorld, personOf } from './fuzz-world.ts';
import { answerOf, claimsOf, eventOf, invokeOperation } from './invoke.ts';
import { complaintsOf, complaintsOfLogs } from './judge.ts';
import { assertSideBySide } from './side-by-side.ts';

/** Answered before the operation runs. */
const early: ReadonlySet<string> = new Set(
  [...inputProblems, ...bodyProblems, ...sessionProblems, ...roleProblems].map(({ code }) => code),
);

export type Tally = Map<string, number>;

export function tallyText(tally: Tally): string {
  return [...tally]
    .sort(([, first], [, second]) => second - first)
    .map(([name, count]) => `${name} ${count}`)
    .join(', ');
}

export function countOf(tally: Tally): number {
  return [...tally.values()].reduce((sum, count) => sum + count, 0);
}

export interface FuzzScale {
  readonly seed: number;
  readonly cases: number;
}

/** Calls the operation's function directly and checks every answer and log line. */
export async function fuzzOperation(
  world: FuzzWorld,
  { route, hashesPassword = false }: Pick<OperationCard, 'route' | 'hashesPassword'>,
  scale: FuzzScale,
): Promise<void> {
  const { operationId } = route;
  const { test, existing, writer } = world;
  const goodOfThousand = hashesPassword ? Math.max(20, Math.min(100, 20_000 / scale.cases)) : undefined;
  const settings = { writer, existing, goodOfThousand };
  const tally: Tally = new Map();
  const progress = progressOf(`fuzz ${operationId}`, scale.cases);

  const runCase = async (request: FuzzRequest): Promise<void> => {
    const claims = request.by === undefined ? undefined : claimsOf(personOf(world, request.by), request.by);
    const outcome = await invokeOperation(test, route, eventOf(test, route, request, claims));
    const answer = answerOf(outcome);
    const complaints = typeof answer === 'string' ? [answer] : complaintsOf(route, answer);
    complaints.push(...complaintsAbout(world));
    if (complaints.length > 0) {
      const text = typeof answer === 'string' ? '' : `\nanswer: ${answer.status} ${answer.text.slice(0, 1_000)}`;
      throw new Error(`${complaints.join('; ')}${text}`);
    }
    if (typeof answer === 'string') return;
    const body = answer.text === '' ? undefined : (JSON.parse(answer.text) as { readonly code?: string });
    if (answer.status < 300) existing.learn(body);
    const name = answer.status < 300 ? String(answer.status) : (body?.code ?? '');
    tally.set(name, (tally.get(name) ?? 0) + 1);
    progress(countOf(tally));
  };
  const accepted = hashesPassword ? 2 : acceptedCases(scale.cases);
  await assertSideBySide(() => acceptedRequestsOf(route, settings), { ...scale, cases: accepted }, runCase);
  await assertSideBySide(() => requestsOf(route, settings), { ...scale, cases: scale.cases - accepted }, runCase);
  await test.run.settled();
  expect(complaintsAbout(world)).toEqual([]);
  report(`  fuzz ${operationId}: ${tallyText(tally)}`);
  const reached = [...tally].filter(([name]) => !early.has(name));
  expect(reached.length, `no request reached ${operationId}: ${tallyText(tally)}`).toBeGreaterThan(0);
}

/** Since the last call, including invocations by streams and queues. */
export function complaintsAbout({ test }: Pick<FuzzWorld, 'test'>): string[] {
  const invocations = test.run.recorder.invocations();
  test.run.recorder.clear();
  return invocations.flatMap(({ functionName, outcome, logs }) => [
    ...(outcome === 'returned' ? [] : [`${functionName} ${outcome}`]),
    ...complaintsOfLogs(logs),
  ]);
}
