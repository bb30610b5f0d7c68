import type { EventEnvelope } from '../../contract/events/server-events.ts';
import type { Principal } from '../../core/tenancy/principal.ts';
import { eventsOf, withTargets } from '../timeline/entry-events.ts';
import type { LogEntry } from '../log/log-entry.ts';
import { loadForEntries, loadToRead, type ReadableConversation } from '../log/load-conversation.ts';
import { ownerOf } from '../log/log-owner.ts';
import { readForward, readNewest } from '../log/log-store.ts';
import { currentReceipts } from './current-receipts.ts';
import { firstMissed } from './first-missed.ts';
import { snapshotOf } from './snapshot.ts';
import type { CatchUpStep } from './step.ts';

const pageSize = 100;

export interface Rest {
  readonly conversation: ReadableConversation;
  readonly lastRead: readonly LogEntry[];
}

/** Complete if `rest` is absent. */
export interface Missed {
  readonly steps: readonly CatchUpStep[];
  readonly rest?: Rest;
}

export async function missedIn(principal: Principal, conversationId: string, position: number): Promise<Missed> {
  const conversation = await loadToRead(principal, conversationId);
  if (conversation === undefined) return { steps: [{ done: conversationId }] };
  const reads = {
    readForward: (after: number, limit: number) => readForward(conversation, after, limit),
    readNewest: (limit: number) => readNewest(conversation, limit),
  };
  const first = await firstMissed(reads, Math.max(position, conversation.access.visibleFrom - 1), pageSize);
  const done: CatchUpStep = { done: conversationId };
  if (first === undefined) return { steps: [...(await snapshotOf(principal, conversationId)), done] };
  const { missed, newest } = first;
  if (missed.length === 0) {
    const lastRead = newest === undefined ? [] : [newest];
    return { steps: [...(await currentReceipts(principal, conversation, lastRead)), done] };
  }
  const { current, steps } = await stepsOf(principal, conversation, missed);
  if (current === undefined) return { steps: [done] };
  return { steps, rest: { conversation: current, lastRead: missed } };
}

export async function* restOf(principal: Principal, rest: Rest): AsyncGenerator<CatchUpStep> {
  let conversation: ReadableConversation | undefined = rest.conversation;
  const done: CatchUpStep = { done: conversation.conversationId };
  let newest = rest.lastRead;
  for (;;) {
    const entries = await readForward(conversation, newest.at(-1)?.seq ?? 0, pageSize);
    // A page can end early. Only an empty page is the end.
    if (entries.length === 0) break;
    const { current, steps } = await stepsOf(principal, conversation, entries);
    conversation = current;
    if (conversation === undefined) break;
    yield* steps;
    newest = entries;
  }
  if (conversation !== undefined) yield* await currentReceipts(principal, conversation, newest);
  yield done;
}

/** Undefined if the principal lost access. */
async function stepsOf(
  principal: Principal,
  conversation: ReadableConversation,
  entries: readonly LogEntry[],
): Promise<{ readonly current: ReadableConversation | undefined; readonly steps: readonly CatchUpStep[] }> {
  const settled = await withTargets(conversation, entries);
  const current = await loadForEntries(principal, conversation, settled.values());
  if (current === undefined) return { current, steps: [] };
  const steps = eventsOf(await ownerOf(current), entries, settled, current.access).map((event: EventEnvelope) => ({
    event,
    ...(event.seq === undefined ? {} : { position: event.seq }),
  }));
  return { current, steps };
}
