import type { catchUp as catchUpRoute } from '../../contract/sync/catch-up.ts';
import type { EventEnvelope } from '../../contract/events/server-events.ts';
import { now } from '../../core/runtime/clock.ts';
import type { Principal } from '../../core/tenancy/principal.ts';
import type { InputOf } from '../../core/use-case.ts';
import { missedEvents } from './missed-events.ts';
import { PageFill } from './page-rules.ts';
import { endOfRound, readSinceToken, sinceToken } from './since-rules.ts';

export interface CatchUpPage {
  readonly events: EventEnvelope[];
  readonly complete: boolean;
  readonly positions: Record<string, number>;
  readonly since: string | null;
  readonly listQueues?: true;
}

/** Returns a page of missed events, with the input for the next page. */
export async function catchUp(
  principal: Principal,
  { positions = {}, since: token }: InputOf<typeof catchUpRoute>,
): Promise<CatchUpPage> {
  const at = now();
  let since = token === undefined ? undefined : readSinceToken(token, at);
  const end = endOfRound(since, at);
  const remaining = new Map(Object.entries(positions));
  const events: EventEnvelope[] = [];
  let listQueues: Pick<CatchUpPage, 'listQueues'> = {};
  const fill = new PageFill();
  for await (const step of missedEvents(principal, positions, since)) {
    if ('listQueues' in step) {
      listQueues = step;
      continue;
    }
    if ('done' in step) {
      remaining.delete(step.done);
      continue;
    }
    if (!fill.add(step.event)) {
      const next = since === undefined ? null : sinceToken(since);
      return { events, complete: false, positions: Object.fromEntries(remaining), since: next, ...listQueues };
    }
    events.push(step.event);
    if (step.position !== undefined) remaining.set(step.event.conversationId, step.position);
    since = step.since ?? since;
  }
  return { events, complete: true, positions: {}, since: sinceToken(end), ...listQueues };
}
