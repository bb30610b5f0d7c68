import { reconnect } from '../contract/socket/pushes.ts';
import type { ping as pingAction } from '../contract/socket/ping.ts';
import type { ActionInput } from '../handler/socket.ts';
import { now, toTimestamp } from '../runtime/clock.ts';
import { deliver } from './delivery.ts';
import { controlFrame } from './frames.ts';
import { reconnectDue } from './reconnect-due.ts';

/** Spreads the clients that are asked at once. */
const reconnectWithinMs = 30 * 1000;

/** Answers with the server's time, and asks a connection that is due to come anew. */
export async function ping(input: ActionInput<typeof pingAction>): Promise<{ answered: true }> {
  const { principal, connection } = input;
  const posts = [input.answer({ serverTime: toTimestamp(now()) })];
  if (now() >= reconnectDue(principal, connection)) {
    const frame = controlFrame(reconnect, { afterMs: Math.round(Math.random() * reconnectWithinMs) });
    posts.push({ userId: principal.userId, connectionId: connection.connectionId, frame });
  }
  await deliver(principal.scope, posts);
  return { answered: true };
}
