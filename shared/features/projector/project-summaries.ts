import { advanceAndShow, advanceSummary, advanceSender, showInSummary } from '../log/conversation-summary.ts';
import type { LogEntry } from '../log/log-entry.ts';
import { log } from '../../core/runtime/logger.ts';
import { count } from '../../core/runtime/metrics.ts';
import { settleAll } from '../../core/runtime/settle-all.ts';
import type { ItemChange } from '../../core/table/stream-record.ts';
import type { TenantScope } from '../../core/tenancy/tenant-scope.ts';
import { type ChangedEntry, conversationOfEntry } from './changed-entry.ts';

/**
 * Moves senders' watermarks and then summaries. Costs one write for each conversation of the batch, two if the newest entry
 * is not shown, and one for each sender, for any number of messages. A summary never leads the watermarks, so that a count
 * up to it includes no own messages as unread.
 * @param changed - new entries, and older entries that they changed, in the order of the stream.
 * @returns the changes to process again.
 */
export async function projectSummaries(changed: readonly ChangedEntry[]): Promise<readonly ItemChange[]> {
  const failed = await settleAll([...Map.groupBy(changed, conversationOfEntry).values()].map(projectConversation));
  return failed.flat();
}

async function projectConversation(entries: readonly ChangedEntry[]): Promise<readonly ItemChange[]> {
  const appended = entries.filter(({ change }) => change.kind === 'insert');
  const messages = appended.filter(({ entry }) => entry.kind.countsAsUnread);
  const senders = [...Map.groupBy(messages, ({ entry }) => entry.senderId).values()].map(highest);
  const failed = await attempts(senders, advanceSender);
  if (failed.length > 0) return failed;
  const newest = highest(appended);
  const shown = highest(entries.filter(({ entry }) => entry.kind.isShown));
  return newest === shown
    ? attempts([newest], advanceAndShow)
    : (await settleAll([attempts([newest], advanceSummary), attempts([shown], showInSummary)])).flat();
}

/** The entry with the highest number, in its last version of the stream. */
function highest(entries: readonly ChangedEntry[]): ChangedEntry | undefined {
  return entries.reduce<ChangedEntry | undefined>(
    (found, one) => (found === undefined || one.entry.seq >= found.entry.seq ? one : found),
    undefined,
  );
}

/** Returns the changes whose writes failed. */
async function attempts(
  entries: readonly (ChangedEntry | undefined)[],
  write: (scope: TenantScope, conversationId: string, entry: LogEntry) => Promise<void>,
): Promise<readonly ItemChange[]> {
  const failed = await settleAll(
    entries.map(async (one) => {
      if (one === undefined) return undefined;
      try {
        await write(one.scope, one.conversationId, one.entry);
        return undefined;
      } catch (error) {
        log('error', 'projection.failed', { conversationId: one.conversationId, seq: one.entry.seq }, error);
        count('Failures');
        return one.change;
      }
    }),
  );
  return failed.filter((change) => change !== undefined);
}
