import { advanceAndShow, advanceHead, advanceSender, showInHead } from '../conversations/conversation-head.ts';
import { isShown } from '../conversations/log/log-entry.ts';
import { log } from '../runtime/logger.ts';
import { count } from '../runtime/metrics.ts';
import { together } from '../runtime/together.ts';
import type { ItemChange } from '../table/stream-record.ts';
import { type ChangedEntry, conversationOfEntry } from './changed-entry.ts';

/**
 * Moves heads and senders' watermarks on: one write for each conversation of the batch, two where the newest entry is
 * not shown, and one for each of its senders, whatever the number of messages.
 * @param changed - new entries, and older ones that new ones changed, in the order of the stream.
 * @returns the changes that have to come again.
 */
export async function projectHeads(changed: readonly ChangedEntry[]): Promise<readonly ItemChange[]> {
  const writes = [...Map.groupBy(changed, conversationOfEntry).values()].flatMap(writesOfConversation);
  const failed = await together(writes);
  return failed.filter((change) => change !== undefined);
}

function writesOfConversation(entries: readonly ChangedEntry[]): readonly Promise<ItemChange | undefined>[] {
  const appended = entries.filter(({ change }) => change.kind === 'insert');
  const newest = highest(appended);
  const shown = highest(entries.filter(({ entry }) => isShown(entry)));
  const messages = appended.filter(({ entry }) => entry.kind === 'message');
  const senders = [...Map.groupBy(messages, ({ entry }) => entry.senderId).values()].map(highest);
  return [
    ...(newest === undefined
      ? []
      : newest === shown
        ? [attempt(newest, () => advanceAndShow(newest.scope, newest.conversationId, newest.entry))]
        : [attempt(newest, () => advanceHead(newest.scope, newest.conversationId, newest.entry))]),
    ...(shown === undefined || shown === newest
      ? []
      : [attempt(shown, () => showInHead(shown.scope, shown.conversationId, shown.entry))]),
    ...senders
      .filter((own) => own !== undefined)
      .map((own) => attempt(own, () => advanceSender(own.scope, own.conversationId, own.entry))),
  ];
}

/** The entry with the highest number, as the stream told it last. */
function highest(entries: readonly ChangedEntry[]): ChangedEntry | undefined {
  return entries.reduce<ChangedEntry | undefined>(
    (found, one) => (found === undefined || one.entry.seq >= found.entry.seq ? one : found),
    undefined,
  );
}

async function attempt(one: ChangedEntry, write: () => Promise<void>): Promise<ItemChange | undefined> {
  try {
    await write();
    return undefined;
  } catch (error) {
    log('error', 'projection.failed', { conversationId: one.conversationId, seq: one.entry.seq }, error);
    count('Failures');
    return one.change;
  }
}
