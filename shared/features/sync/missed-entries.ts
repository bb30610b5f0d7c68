import type { EventEnvelope } from '../../contract/events/server-events.ts';
import type { TenantKeys } from '../../core/encryption/data-keys.ts';
import type { Principal } from '../../core/tenancy/principal.ts';
import { firstVisible } from '../log/conversation-item.ts';
import { eventsOf } from '../messages/entry-events.ts';
import type { LogEntry } from '../log/log-entry.ts';
import { type ReadableConversation, readableConversation } from '../log/open-conversation.ts';
import { currentReceipts } from './current-receipts.ts';
import { firstMissed } from './first-missed.ts';
import { snapshotOf } from './snapshot.ts';
import type { CatchUpStep } from './step.ts';

const pageSize = 100;

/** A conversation of which more is to be read. */
export interface Rest {
  readonly conversation: ReadableConversation;
  /** The last entries that were read. */
  readonly known: readonly LogEntry[];
}

/** What was missed in one conversation: all of it, unless there is a rest. */
export interface Missed {
  readonly steps: readonly CatchUpStep[];
  readonly rest?: Rest;
}

/** Reads what was missed in one conversation, its first page at once. */
export async function missedIn(
  principal: Principal,
  keys: TenantKeys,
  conversationId: string,
  position: number,
): Promise<Missed> {
  const conversation = await readableConversation(principal.scope, conversationId, principal.userId);
  if (conversation === undefined) return { steps: [{ done: conversationId }] };
  const before = firstVisible(conversation.item, conversation.member) - 1;
  const first = await firstMissed(conversation.store, Math.max(position, before), pageSize);
  const done: CatchUpStep = { done: conversationId };
  if (first === undefined) return { steps: [...(await snapshotOf(principal, conversationId)), done] };
  const { missed, newest } = first;
  if (missed.length === 0) {
    const known = newest === undefined ? [] : [newest];
    return { steps: [...(await currentReceipts(principal, conversation, known)), done] };
  }
  return {
    steps: await stepsOf(principal, keys, conversation, missed),
    rest: { conversation, known: missed },
  };
}

/** What follows the first page of a conversation. */
export async function* restOf(
  principal: Principal,
  keys: TenantKeys,
  { conversation, known }: Rest,
): AsyncGenerator<CatchUpStep> {
  let newest = known;
  for (;;) {
    const entries = await conversation.store.readForward(newest.at(-1)?.seq ?? 0, pageSize);
    // A page that is not full may end at a hole that is none: only an empty one is the end.
    if (entries.length === 0) break;
    yield* await stepsOf(principal, keys, conversation, entries);
    newest = entries;
  }
  yield* await currentReceipts(principal, conversation, newest);
  yield { done: conversation.id };
}

async function stepsOf(
  { scope }: Principal,
  keys: TenantKeys,
  { id, item, member, store }: ReadableConversation,
  entries: readonly LogEntry[],
): Promise<readonly CatchUpStep[]> {
  const owner = { keys, scope, conversationId: id };
  const events = await eventsOf(owner, store, entries, {
    visibleFrom: firstVisible(item, member),
    audiences: ['everyone'],
  });
  return events.map((event: EventEnvelope) => ({ event, ...(event.seq === undefined ? {} : { position: event.seq }) }));
}
