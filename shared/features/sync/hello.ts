import { largestFrame } from '../../contract/sockets/frame-limit.ts';
import type { ActionAnswer, ActionData } from '../../contract/kit/define-action.ts';
import type { hello as helloAction } from '../../contract/sync/hello.ts';
import { type EventEnvelope, syncPage } from '../../contract/events/server-events.ts';
import { missedEvents } from './missed-events.ts';
import { PageFill } from './page-rules.ts';
import { endOfRound, readSinceToken, sinceToken } from './since-rules.ts';
import { editRight } from '../messages/edit-right.ts';
import { useLimits } from '../identity/attempt-limits.ts';
import { countUses } from '../identity/user-limit.ts';
import type { CallerConnection } from '../../core/delivery/caller-connection.ts';
import type { Refusal } from '../../core/refusal.ts';
import type { Principal } from '../../core/tenancy/principal.ts';
import type { rateLimited } from '../../contract/conversations/problems.ts';
import { now, toTimestamp } from '../../core/runtime/clock.ts';
import { settleAll } from '../../core/runtime/settle-all.ts';
import { tenantSettings } from '../tenants/tenant-settings.ts';
import { deliver } from '../../core/delivery/delivery.ts';
import { keepLease } from '../presence/keep-lease.ts';
import { takeLease } from '../../core/delivery/leases.ts';
import { reconnectDue } from '../sockets/reconnect-due.ts';
import { controlFrame } from '../../core/delivery/frames.ts';

type Greeting = ActionData<typeof helloAction>;
type Welcome = ActionAnswer<typeof helloAction>;

/** A `hello` without `since` and `resume` is not counted. */
async function countCatchUp(
  principal: Principal,
  { since, resume = {} }: Greeting,
  connectionId: string,
): Promise<Refusal<typeof rateLimited> | undefined> {
  if (since === undefined && Object.keys(resume).length === 0) return undefined;
  return countUses(principal, [
    { limit: useLimits.catchUpsOfConnection, subject: connectionId },
    { limit: useLimits.catchUps },
  ]);
}

const pingEveryMs = 4 * 60 * 1000;

/**
 * Sends `welcome`, then pages of missed events that each fit into a frame. Live events may arrive between the pages;
 * clients order events by `seq`.
 */
export async function hello(
  principal: Principal,
  greeting: Greeting,
  connection: CallerConnection<Welcome>,
): Promise<Welcome | Refusal<typeof rateLimited>> {
  const limited = await countCatchUp(principal, greeting, connection.connectionId);
  if (limited !== undefined) return limited;
  const at = now();
  const since = greeting.since === undefined ? undefined : readSinceToken(greeting.since, at);
  const settings = await tenantSettings(principal.scope);
  const to = { userId: principal.userId, connectionId: connection.connectionId };
  const deliverFrame = async (frame: object): Promise<boolean> =>
    (await deliver(principal.scope, [{ ...to, frame }]))[0] === 'delivered';

  const welcome: Welcome = {
    serverTime: toTimestamp(at),
    connectionId: connection.connectionId,
    userId: principal.userId,
    since: greeting.since ?? sinceToken({ until: at }),
    limits: {
      textLength: settings.textLength,
      messagesPerMinute: settings.messagesPerMinute,
      editWindowMinutes: editRight(principal, settings).windowMinutes,
      groupSize: settings.groupSize,
      frameBytes: largestFrame,
      pingEveryMs,
      reconnectAfterMs: Math.max(0, reconnectDue(principal, connection) - at),
    },
  };
  await settleAll([
    keepLease(takeLease(principal, connection.connectionId, greeting.status)),
    deliver(principal.scope, [connection.acknowledge(welcome)]),
  ]);
  const fill = new PageFill();
  let events: EventEnvelope[] = [];
  let listQueues: { readonly listQueues?: true } = {};
  for await (const step of missedEvents(principal, greeting.resume ?? {}, since)) {
    if ('listQueues' in step) listQueues = step;
    if (!('event' in step)) continue;
    if (!fill.add(step.event)) {
      // Without a last page, the client requests the events again.
      if (!(await deliverFrame(controlFrame(syncPage, { events, complete: false })))) return welcome;
      events = [];
      fill.beginWith(step.event);
    }
    events.push(step.event);
  }
  await deliverFrame(
    controlFrame(syncPage, { events, complete: true, since: sinceToken(endOfRound(since, at)), ...listQueues }),
  );
  return welcome;
}
