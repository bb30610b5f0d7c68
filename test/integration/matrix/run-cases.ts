import type { Route } from '../../../shared/contract/kit/define-route.ts';
import { allows } from '../../../shared/core/tenancy/permissions.ts';
import { call, type HttpAnswer, RawSocket } from '../raw-client.ts';
import { pathOf } from '../system/operations.ts';
import type { Caller } from './caller.ts';
import type { FrameCase } from './frame-cases.ts';
import type { Case, Expectation, Matrix } from './request-cases.ts';

export interface Outcome {
  readonly label: string;
  readonly caller: Caller;
  readonly expected: Expectation;
  readonly answer: HttpAnswer;
}

/** The operation's `access` has precedence. */
function expectedOf(route: Route, caller: Caller, matrixCase: Case): Expectation {
  if (route.access === 'public') return matrixCase;
  if (caller.role === undefined) return { status: 401, code: 'UNAUTHENTICATED', alike: 'denied' };
  if (!allows(caller.role, route.access)) return { status: 403, code: 'FORBIDDEN', alike: 'denied' };
  return matrixCase;
}

export async function runMatrix(
  url: string,
  { route, matrix }: { readonly route: Route; readonly matrix: Matrix },
  caller: Caller,
): Promise<readonly Outcome[]> {
  const cases = [matrix.own, ...Object.values(matrix.slots)].flatMap((make) => make(caller));
  return inParallel(cases, 3, async (matrixCase) => {
    const answer = await call(url, route.method, pathOf(route, matrixCase.request), {
      token: caller.token,
      ...(matrixCase.request.body === undefined ? {} : { body: matrixCase.request.body }),
    });
    const label = `${route.operationId} by ${caller.name}: ${matrixCase.name}`;
    return { label, caller, expected: expectedOf(route, caller, matrixCase), answer };
  });
}

export interface FrameOutcome {
  readonly label: string;
  readonly caller: Caller;
  readonly expected: FrameCase;
  readonly answer: { readonly type: string; readonly problem?: { readonly code: string } };
  readonly events: readonly unknown[];
}

/** In sequence, so that events can be attributed to their frame. */
export async function runFrames(
  socketUrl: string,
  action: string,
  cases: readonly FrameCase[],
  caller: Caller,
): Promise<readonly FrameOutcome[]> {
  const socket = await new RawSocket(socketUrl, ['switchboard', `bearer.${caller.token}`]).opened();
  const outcomes: FrameOutcome[] = [];
  for (const expected of cases) {
    const seen = socket.frames.length;
    const answer = await socket.request(action, expected.data);
    const following = () => socket.frames.slice(seen).filter((frame) => frame.type === 'sync.page');
    if (answer.type === 'welcome') await socket.frame((frame) => following().includes(frame) && frame.data.complete);
    const events = following().flatMap((frame) => frame.data.events as unknown[]);
    outcomes.push({ label: `${action} by ${caller.name}: ${expected.name}`, caller, expected, answer, events });
  }
  await socket.close();
  return outcomes;
}

/** Runs at most `limit` at a time. Keeps the order. */
export async function inParallel<Item, Result>(
  items: readonly Item[],
  limit: number,
  run: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  let next = 0;
  const worker = async () => {
    for (let index = next++; index < items.length; index = next++) results[index] = await run(items[index] as Item);
  };
  await Promise.all(Array.from({ length: Math.min(limit, items.length) }, worker));
  return results;
}
