import { largestFrame, type ActionInput } from '../handler/socket.ts';
import type { hello as helloAction } from '../contract/socket/hello.ts';
import { type EventEnvelope, syncPage } from '../contract/socket/pushes.ts';
import { missedEvents } from '../conversations/missed-events.ts';
import { now, toTimestamp } from '../runtime/clock.ts';
import { tenantSettings } from '../tenants/tenant-settings.ts';
import { deliver } from './delivery.ts';
import { reconnectDue } from './reconnect-due.ts';
import { controlFrame } from './frames.ts';

const pingEveryMs = 4 * 60 * 1000;
/** Leaves room for the envelope of the page. */
const pageBytes = largestFrame - 1024;

/**
 * `welcome`, then everything missed since the given positions, in pages that fit a frame, one after the other, the last
 * one marked. Live events may come in between: clients place them by `seq`.
 */
export async function hello(input: ActionInput<typeof helloAction>): Promise<{ answered: true }> {
  const { principal, connection } = input;
  const settings = await tenantSettings(principal.scope);
  const to = { userId: principal.userId, connectionId: connection.connectionId };
  const arrived = async (frame: object): Promise<boolean> =>
    (await deliver(principal.scope, [{ ...to, frame }]))[0] === 'delivered';

  await deliver(principal.scope, [
    input.answer({
      serverTime: toTimestamp(now()),
      connectionId: connection.connectionId,
      limits: {
        textLength: settings.textLength,
        messagesPerMinute: settings.messagesPerMinute,
        frameBytes: largestFrame,
        pingEveryMs,
        reconnectAfterMs: Math.max(0, reconnectDue(principal, connection) - now()),
      },
    }),
  ]);
  let events: EventEnvelope[] = [];
  let size = 0;
  for await (const event of missedEvents(principal, input.data.resume ?? {})) {
    const bytes = Buffer.byteLength(JSON.stringify(event)) + 1;
    if (size + bytes > pageBytes && events.length > 0) {
      // After a lost page none may say that all is there: without the last one, the client asks again.
      if (!(await arrived(controlFrame(syncPage, { events, complete: false })))) return { answered: true };
      events = [];
      size = 0;
    }
    events.push(event);
    size += bytes;
  }
  await arrived(controlFrame(syncPage, { events, complete: true }));
  return { answered: true };
}
