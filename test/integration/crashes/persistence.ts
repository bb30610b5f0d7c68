import type { Frame, HttpAnswer, RawSocket } from '../raw-client.ts';

/** What a client does that wants an answer: it asks again, with the same ids, when it cannot know what came of it. */

const attempts = 6;

/** Repeats a request until something else than a failure of the server answers. */
export async function persist(send: () => Promise<HttpAnswer>): Promise<HttpAnswer> {
  for (let attempt = 1; ; attempt += 1) {
    const answer = await send();
    if (answer.status < 500 || attempt === attempts) return answer;
  }
}

let refs = 0;

/**
 * Sends a frame until it is answered with something else than a failure. A function that dies sends no answer; API
 * Gateway then sends a frame of its own, `{ message, connectionId, requestId }`.
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

/** A frame of API Gateway's own that came after the first `after` frames. */
export function isComplaintSince(socket: RawSocket, after: number, frame: Frame): boolean {
  return frame.type === undefined && typeof frame.message === 'string' && socket.frames.indexOf(frame) >= after;
}

/** Polls for what no event tells the test of: something that a function does on its own. */
export async function eventually(what: string, holds: () => Promise<boolean> | boolean): Promise<void> {
  const until = Date.now() + 30_000;
  while (!(await holds())) {
    if (Date.now() > until) throw new Error(`It never came to be: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
