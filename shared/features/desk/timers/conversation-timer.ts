import type { AlertedGroup } from '../../../contract/schemas/support.ts';
import { conversationIdOf, isConversation, type Key, keys } from '../../../core/table/keys.ts';
import { wakeAttribute } from '../../../core/table/schema.ts';
import { tenantTable } from '../../../core/table/scoped-table.ts';
import type { TenantScope } from '../../../core/tenancy/tenant-scope.ts';
import { hasTimer, readDue, type TimerSubject } from '../../../core/timers/timer.ts';
import { isRefusal } from '../../../core/refusal.ts';
import { deskSettings } from '../../tenants/desk-settings.ts';
import type { StoredConversation } from '../../log/conversation-codec.ts';
import { readConversation } from '../../log/conversation-store.ts';
import { escalationKind, slaKind, statusKind } from '../../log/entry-kinds.ts';
import { tryToAssign } from '../assignment/try-to-assign.ts';
import { changeSupport, type DecideDesk } from '../change-support.ts';
import { dueTransitions } from '../sla/clock-rules.ts';
import { close, deskTermsOf, escalate as takeDueSteps, wakeTimeOf, withView } from '../support-rules.ts';
import { alertGroups } from '../urgency/alert.ts';

/** Does everything that is due in a support conversation. */
export const conversationTimer: TimerSubject = {
  name: 'conversation',
  matches: isConversation,
  wake: wakeConversation,
};

export async function wakeConversation(scope: TenantScope, key: Key, at: number): Promise<void> {
  const due = await readDue<StoredConversation>(scope, key, at);
  if (due?.kind !== 'support') return;
  const conversationId = conversationIdOf(key);
  await escalate(scope, conversationId, at);
  await judge(scope, conversationId, at);
  await closeResolved(scope, conversationId, at);
  if (due.support.status === 'waiting') await tryToAssign(scope, conversationId);
  await resetTimer(scope, conversationId, due.wakeAt);
}

/** Takes the steps of the escalation that are due. Each is in the log before its people are alerted. */
async function escalate(scope: TenantScope, conversationId: string, at: number): Promise<void> {
  let groups: readonly AlertedGroup[] = [];
  const decide: DecideDesk<never> = async ({ item: { support }, terms }) => {
    if (support.urgency === undefined || support.status === 'closed') return 'same';
    const urgency = takeDueSteps(support.urgency, terms, at);
    if (urgency === undefined) return 'same';
    groups = urgency.alerted ?? [];
    return {
      support: { ...support, urgency },
      kind: escalationKind,
      system: { kind: 'escalated', alerted: [...groups] },
    };
  };
  const changed = await changeSupport({ scope, service: true }, conversationId, escalationKind, decide);
  if (!isRefusal(changed) && changed.entry !== undefined)
    await alertGroups(scope, conversationId, changed.item, groups);
}

/** Records warnings and breaches, each once. */
async function judge(scope: TenantScope, conversationId: string, at: number): Promise<void> {
  const decide: DecideDesk<never> = async ({ item: { support } }) => {
    if (support.status === 'resolved' || support.status === 'closed') return 'same';
    const { clocks, warnings, breaches } = dueTransitions(support.clocks, at);
    const [metric] = breaches.length > 0 ? breaches : warnings;
    if (metric === undefined) return 'same';
    return {
      support: withView({ ...support, clocks }, at),
      kind: slaKind,
      system: { kind: breaches.length > 0 ? 'sla-breach' : 'sla-warning', metric },
    };
  };
  await changeSupport({ scope, service: true }, conversationId, slaKind, decide);
}

/** Closes a resolved conversation when messages can no longer reopen it. */
async function closeResolved(scope: TenantScope, conversationId: string, at: number): Promise<void> {
  const decide: DecideDesk<never> = async ({ item: { support }, terms }) => {
    if (support.status !== 'resolved' || at < (support.resolvedAt ?? 0) + terms.reopenMs) return 'same';
    const next = close(support, undefined, terms, at);
    return next === undefined ? 'same' : { support: next, kind: statusKind, system: { kind: 'closed' } };
  };
  await changeSupport({ scope, service: true }, conversationId, statusKind, decide);
}

/** If nothing has changed the timer, sets it to what is due next. */
async function resetTimer(scope: TenantScope, conversationId: string, wakeAt: number): Promise<void> {
  const item = await readConversation(scope, conversationId);
  if (item?.kind !== 'support' || item.wakeAt !== wakeAt) return;
  const next = wakeTimeOf(item.support, deskTermsOf(await deskSettings(scope)));
  const isSame = { expression: `#revision = :revision AND ${hasTimer(wakeAt).expression}` };
  await tenantTable(scope).update(
    keys.conversation(conversationId),
    next === undefined
      ? { expression: `REMOVE #${wakeAttribute}` }
      : { expression: `SET #${wakeAttribute} = :next`, values: { next } },
    { ...isSame, values: { ...hasTimer(wakeAt).values, revision: item.revision } },
  );
}
