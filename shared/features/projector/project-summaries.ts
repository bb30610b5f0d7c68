import {
  advanceAndShow,
  advanceSummary,
  advanceSender,
  showInSummary,
  showToAgents,
} from '../log/conversation-summary.ts';
import type { LogEntry } from '../log/log-entry.ts';
import { log } from '../../core/runtime/logger.ts';
import { count } from '../../core/runtime/metrics.ts';
import { settleAll } from '../../core/runtime/settle-all.ts';
import type { ItemChange } from '../../core/table/stream-record.ts';
import type { TenantScope } from '../../core/tenancy/tenant-scope.ts';
import { type ChangedEntry, conversationOfEntry } from './changed-entry.ts';

/**
 * Moves senders' watermarks, then summaries. A summary is never ahead of the watermarks, so a user's own messages never
 * count as unread.
 * @param changed - in the order of the stream.
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
  const shown = entries.filter(({ entry }) => entry.kind.isShown);
  const byAudience = Map.groupBy(shown, ({ entry }) => entry.kind.audience);
  const toEveryone = highest(byAudience.get('everyone') ?? []);
  const toAgents = highest(byAudience.get('agents') ?? []);
  const written = [
    newest === toEveryone
      ? attempts([newest], advanceAndShow)
      : settleAll([attempts([newest], advanceSummary), attempts([toEveryone], showInSummary)]).then((lists) =>
          lists.flat(),
        ),
    attempts([toAgents], showToAgents),
  ];
  return (await settleAll(written)).flat();
}

function highest(entries: readonly ChangedEntry[]): ChangedEntry | undefined {
  return entries.reduce<ChangedEntry | undefined>(
    (found, changedEntry) => (found === undefined || changedEntry.entry.seq >= found.entry.seq ? changedEntry : found),
    undefined,
  );
}

async function attempts(
  entries: readonly (ChangedEntry | undefined)[],
  write: (scope: TenantScope, conversationId: string, entry: LogEntry) => Promise<void>,
): Promise<readonly ItemChange[]> {
  const failed = await settleAll(
    entries.map(async (changedEntry) => {
      if (changedEntry === undefined) return undefined;
      try {
        await write(changedEntry.scope, changedEntry.conversationId, changedEntry.entry);
        return undefined;
      } catch (error) {
        log(
          'error',
          'projection.failed',
          { conversationId: changedEntry.conversationId, seq: changedEntry.entry.seq },
          error,
        );
        count('Failures');
        return changedEntry.change;
      }
    }),
  );
  return failed.filter((change) => change !== undefined);
}
