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
import { assignAutomatically } from '../assignment/try-to-assign.ts';
import { changeSupport, type DecideDesk } from '../change-support.ts';
import { differFrom, dueTransitions, withTerms } from '../sla/clock-rules.ts';
import { close, deskTermsOf, takeDueSteps, termsOf, wakeTimeOf, withView } from '../support-rules.ts';
import { alertGroups } from '../urgency/alert.ts';
import { throwIfBusy } from '../refusals.ts';
import { releaseFromAbsent } from './release-from-absent.ts';

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
  await followPolicy(scope, conversationId, at);
  await judge(scope, conversationId, at);
  await closeResolved(scope, conversationId, at);
  await releaseFromAbsent(scope, conversationId);
  if ((await deskSettings(scope)).autoAssign === 'on') await assignAutomatically(scope, conversationId);
  await resetTimer(scope, conversationId, due.wakeAt, at);
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
      system: { kind: 'escalated', alerted: [...groups] },
    };
  };
  const changed = await changeSupport({ scope, service: true }, conversationId, escalationKind, decide);
  throwIfBusy(changed);
  if (!isRefusal(changed) && changed.entry !== undefined)
    await alertGroups(scope, conversationId, changed.item, groups);
}

/** Applies a service level that was changed after the conversation's last change. */
async function followPolicy(scope: TenantScope, conversationId: string, at: number): Promise<void> {
  const decide: DecideDesk<never> = async ({ item: { support }, terms }) => {
    if (support.status !== 'waiting' && support.status !== 'active') return 'same';
    const current = termsOf(support, terms);
    if (!differFrom(support.clocks, current, at)) return 'same';
    const clocks = withTerms(support.clocks, terms.calendar, current, at);
    return {
      support: withView({ ...support, clocks }, at),
      system: { kind: 'changed', changed: ['sla'] },
    };
  };
  throwIfBusy(await changeSupport({ scope, service: true }, conversationId, slaKind, decide));
}

/** Records warnings and breaches, each once and in an entry of its own. */
async function judge(scope: TenantScope, conversationId: string, at: number): Promise<void> {
  const decide: DecideDesk<never> = async ({ item: { support } }) => {
    if (support.status === 'resolved' || support.status === 'closed') return 'same';
    const { clocks, warnings, breaches } = dueTransitions(support.clocks, at);
    const [metric] = breaches.length > 0 ? breaches : warnings;
    const clock = metric === undefined ? undefined : clocks[metric];
    if (metric === undefined || clock === undefined) return 'same';
    return {
      support: withView({ ...support, clocks: { ...support.clocks, [metric]: clock } }, at),
      system: { kind: breaches.length > 0 ? 'sla-breach' : 'sla-warning', metric },
    };
  };
  for (;;) {
    const changed = await changeSupport({ scope, service: true }, conversationId, slaKind, decide);
    throwIfBusy(changed);
    if (isRefusal(changed) || changed.entry === undefined) return;
  }
}

/** Closes a resolved conversation when messages can no longer reopen it. */
async function closeResolved(scope: TenantScope, conversationId: string, at: number): Promise<void> {
  const decide: DecideDesk<never> = async ({ item: { support }, terms }) => {
    if (support.status !== 'resolved' || at < (support.resolvedAt ?? 0) + terms.reopenMs) return 'same';
    const next = close(support, undefined, terms, at);
    return next === undefined ? 'same' : { support: next, system: { kind: 'closed' } };
  };
  throwIfBusy(await changeSupport({ scope, service: true }, conversationId, statusKind, decide));
}

/**
 * If nothing has changed the timer, sets it to what is due next.
 * @throws Error if something is still due.
 */
async function resetTimer(scope: TenantScope, conversationId: string, wakeAt: number, at: number): Promise<void> {
  const item = await readConversation(scope, conversationId);
  if (item?.kind !== 'support' || item.wakeAt !== wakeAt) return;
  const next = wakeTimeOf(item.support, deskTermsOf(await deskSettings(scope)));
  // The same time again would not lead to a wake-up.
  if (next !== undefined && next <= at) throw new Error('Something in the conversation is still due');
  const isSame = { expression: `#revision = :revision AND ${hasTimer(wakeAt).expression}` };
  await tenantTable(scope).update(
    keys.conversation(conversationId),
    next === undefined
      ? { expression: `REMOVE #${wakeAttribute}` }
      : { expression: `SET #${wakeAttribute} = :next`, values: { next } },
    { ...isSame, values: { ...hasTimer(wakeAt).values, revision: item.revision } },
  );
}
