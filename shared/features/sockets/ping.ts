import { reconnect } from '../../contract/events/server-events.ts';
import type { ping as pingAction } from '../../contract/sockets/ping.ts';
import type { ActionInput } from '../../transport/socket.ts';
import { now, toTimestamp } from '../../core/runtime/clock.ts';
import { settleAll } from '../../core/runtime/settle-all.ts';
import { deliver } from '../../core/delivery/delivery.ts';
import { controlFrame } from '../../core/delivery/frames.ts';
import { keepLease } from '../presence/keep-lease.ts';
import { renewLease } from '../../core/delivery/leases.ts';
import { reconnectDue } from './reconnect-due.ts';

/** Spreads the clients that are asked at once. */
const reconnectWithinMs = 30 * 1000;

/** Answers with the server's time, and asks a connection that is due to come anew. Is a sign of life. */
export async function ping(input: ActionInput<typeof pingAction>): Promise<{ answered: true }> {
  const { principal, connection } = input;
  const posts = [input.answer({ serverTime: toTimestamp(now()) })];
  if (now() >= reconnectDue(principal, connection)) {
    const frame = controlFrame(reconnect, { afterMs: Math.round(Math.random() * reconnectWithinMs) });
    posts.push({ userId: principal.userId, connectionId: connection.connectionId, frame });
  }
  await settleAll([deliver(principal.scope, posts), keepLease(renewLease(principal, connection.connectionId))]);
  return { answered: true };
}
