import { reconnect } from '../contract/socket/pushes.ts';
import type { ping as pingAction } from '../contract/socket/ping.ts';
import type { ActionInput } from '../handler/socket.ts';
import { now, toTimestamp } from '../runtime/clock.ts';
import { deliver } from './delivery.ts';
import { controlFrame } from './frames.ts';
import { reconnectAfterMs } from './hello.ts';

/** Time that a client has to connect anew once it was asked to. */
const reconnectWithinMs = 5 * 60 * 1000;

/** Answers with the server's time, and asks an old connection to come anew before the platform cuts it. */
export async function ping(input: ActionInput<typeof pingAction>): Promise<{ answered: true }> {
  const { principal, connection } = input;
  const posts = [input.answer({ serverTime: toTimestamp(now()) })];
  if (now() - connection.connectedAt > reconnectAfterMs) {
    const frame = controlFrame(reconnect, { afterMs: Math.round(Math.random() * reconnectWithinMs) });
    posts.push({ userId: principal.userId, connectionId: connection.connectionId, frame });
  }
  await deliver(principal.scope, posts);
  return { answered: true };
}
