import { reconnect } from '../../contract/events/server-events.ts';
import type { ping as pingAction } from '../../contract/sockets/ping.ts';
import type { ActionAnswer } from '../../contract/kit/define-action.ts';
import { now, toTimestamp } from '../../core/runtime/clock.ts';
import { settleAll } from '../../core/runtime/settle-all.ts';
import type { CallerConnection } from '../../core/delivery/caller-connection.ts';
import { deliver } from '../../core/delivery/delivery.ts';
import { controlFrame } from '../../core/delivery/frames.ts';
import type { Principal } from '../../core/tenancy/principal.ts';
import { keepLease } from '../presence/keep-lease.ts';
import { renewLease } from '../../core/delivery/leases.ts';
import { reconnectDue } from './reconnect-due.ts';

/** Spreads the reconnects of clients. */
const reconnectWithinMs = 30 * 1000;

type Pong = ActionAnswer<typeof pingAction>;

/** Returns the server's time, renews the connection's lease, and requests a reconnect when due. */
export async function ping(principal: Principal, _input: object, connection: CallerConnection<Pong>): Promise<Pong> {
  const pong = { serverTime: toTimestamp(now()) };
  const posts = [connection.acknowledge(pong)];
  if (now() >= reconnectDue(principal, connection)) {
    const frame = controlFrame(reconnect, { afterMs: Math.round(Math.random() * reconnectWithinMs) });
    posts.push({ userId: principal.userId, connectionId: connection.connectionId, frame });
  }
  await settleAll([deliver(principal.scope, posts), keepLease(renewLease(principal, connection.connectionId))]);
  return pong;
}
