import type { Frame, HttpAnswer, RawSocket } from '../raw-client.ts';
import type { CrashWorld } from './crash-world.ts';
import type { CrashPoint } from './trap.ts';

const attempts = 6;

export async function persist(send: () => Promise<HttpAnswer>): Promise<HttpAnswer> {
  for (let attempt = 1; ; attempt += 1) {
    const answer = await send();
    if (answer.status < 500 || attempt === attempts) return answer;
  }
}

/** Like {@link persist}. Throws unless the answer has the status. */
export async function expectStatus(status: number, send: () => Promise<HttpAnswer>): Promise<HttpAnswer> {
  const answer = await persist(send);
  if (answer.status !== status) throw new Error(`${answer.status} instead of ${status}: ${answer.text}`);
  return answer;
}

/** Like {@link persist}, but resets a limit that rejects the request. */
export async function patiently(
  { tables }: Pick<CrashWorld, 'tables'>,
  send: () => Promise<HttpAnswer>,
): Promise<HttpAnswer> {
  const answer = await persist(send);
  if (answer.status !== 429) return answer;
  const attempts = (await tables.items()).filter(({ pk }) => pk.includes('ATTEMPTS#'));
  await Promise.all(attempts.map(({ pk, sk }) => tables.delete(pk, sk)));
  return persist(send);
}

let refs = 0;

/**
 * Retries until the answer is not a failure. For a dead function, API Gateway sends `{ message, connectionId, requestId
 * }`.
 */
export async function persistFrame(
  socket: RawSocket,
  action: string,
  data: unknown,
  complete: (answer: Frame, socket: RawSocket, after: number) => Promise<boolean> = async () => true,
): Promise<Frame> {
  for (let attempt = 1; ; attempt += 1) {
    refs += 1;
    const ref = `p${refs}`;
    const after = socket.frames.length;
    socket.socket.send(JSON.stringify({ action, ref, data }));
    const answer: Frame = await socket.frame((frame) => frame.ref === ref || isComplaintSince(socket, after, frame));
    const failed = answer.type === undefined || (answer.type === 'error' && answer.problem.status >= 500);
    if (!failed && (await complete(answer, socket, after))) return answer;
    if (attempt === attempts) return answer;
  }
}

/** Awaits API Gateway's frame about a dead function, which could be mistaken for the next answer. */
export async function complaintOf(socket: RawSocket, after: number, point: CrashPoint | undefined): Promise<void> {
  if (point?.fault === 'kill-before' || point?.fault === 'kill-after') {
    await socket.frame((frame) => isComplaintSince(socket, after, frame));
  }
}

export function isComplaintSince(socket: RawSocket, after: number, frame: Frame): boolean {
  return frame.type === undefined && typeof frame.message === 'string' && socket.frames.indexOf(frame) >= after;
}

export async function eventually(what: string, holds: () => Promise<boolean> | boolean): Promise<void> {
  const until = Date.now() + 30_000;
  while (!(await holds())) {
    if (Date.now() > until) throw new Error(`Not before the timeout: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
