import { systemUserId } from '../../contract/schemas/ids.ts';
import type { TenantScope } from '../../core/tenancy/tenant-scope.ts';
import { isRefusal } from '../../core/refusal.ts';
import { changeSupport, type DecideDesk } from '../desk/change-support.ts';
import { throwIfBusy } from '../desk/refusals.ts';
import { close, resolve } from '../desk/support-rules.ts';
import { statusKind } from '../log/entry-kinds.ts';
import type { LogEntry } from '../log/log-entry.ts';
import { searchBack } from '../log/log-store.ts';

const unansweredMs = 10 * 60 * 1000;

/**
 * Ends the conversation of an ended incident, unless a person wrote in the last ten minutes. The decision is written into
 * the slot after the entries that it read, so no message comes between. A conversation without an agent is closed,
 * because only an active one can be resolved.
 */
export async function endUnanswered(
  scope: TenantScope,
  conversationId: string,
  clientMessageId: string,
): Promise<void> {
  const decide: DecideDesk<never> = async ({ item: { support }, terms, now, seq }) => {
    if (support.status === 'resolved' || support.status === 'closed') return 'same';
    if (await hasWritten({ scope, conversationId }, seq, now - unansweredMs)) return 'same';
    const resolved = resolve(support, systemUserId, terms, now);
    if (resolved !== undefined) return { support: resolved, system: { kind: 'resolved' } };
    const closed = close(support, undefined, terms, now);
    return closed === undefined ? 'same' : { support: closed, system: { kind: 'closed' } };
  };
  const changed = await changeSupport({ scope, service: true }, conversationId, statusKind, decide, clientMessageId);
  throwIfBusy(changed);
  if (isRefusal(changed) && changed.refused.status >= 500) throw new Error('The conversation was not ended');
}

/** Notes count, too: their author works on the incident. */
async function hasWritten(log: Parameters<typeof searchBack>[0], before: number, since: number): Promise<boolean> {
  for await (const page of searchBack(log, before, since)) {
    const isOfPerson = ({ kind, senderId, createdAt }: LogEntry) =>
      kind.isMessage && senderId !== systemUserId && createdAt >= since;
    if (page.some(isOfPerson)) return true;
  }
  return false;
}
