import type { SupportFields, SupportStartProblem } from '../../contract/conversations/support-start.ts';
import { conversationCreatedEvent } from '../../contract/events/events.ts';
import { teamNotFound } from '../../contract/desk/problems.ts';
import { conversationBusy, userNotFound } from '../../contract/problems.ts';
import { tenantKeys } from '../../core/encryption/data-keys.ts';
import { contentDigest } from '../../core/encryption/field-cipher.ts';
import { conversationOwner, createOwnedKey } from '../../core/encryption/owned-keys.ts';
import { isRefusal, type Refusal, refuse } from '../../core/refusal.ts';
import { newId } from '../../core/runtime/ids.ts';
import { absent } from '../../core/table/expression.ts';
import { keys } from '../../core/table/keys.ts';
import type { UnitOfWork } from '../../core/table/unit-of-work.ts';
import { tenantTable } from '../../core/table/scoped-table.ts';
import type { Principal } from '../../core/tenancy/principal.ts';
import type { TenantScope } from '../../core/tenancy/tenant-scope.ts';
import { announceConversation } from '../conversations/announce-conversation.ts';
import { rememberStart, startedBefore } from '../conversations/started-conversation.ts';
import { conversationOf } from '../conversations/conversation-view.ts';
import { useLimits } from '../identity/attempt-limits.ts';
import { countUses } from '../identity/user-limit.ts';
import { appendToLog, type PreconditionResult } from '../log/append-to-log.ts';
import type { MembershipItem, SupportConversation } from '../log/conversation-item.ts';
import { newSummary } from '../log/conversation-summary.ts';
import { statusKind } from '../log/entry-kinds.ts';
import type { LogOwner } from '../log/log-content.ts';
import { canonical } from '../log/canonical-json-rules.ts';
import { toStoredEntry } from '../log/log-codec.ts';
import type { LogEntry } from '../log/log-entry.ts';
import { supportStateOf } from '../log/support-state-view.ts';
import { sealTexts } from '../log/support-texts.ts';
import { readTakingTeam } from '../teams/team-store.ts';
import { deskSettings } from '../tenants/desk-settings.ts';
import { announceDeskEntry } from './announce-desk-entry.ts';
import { deskCommand } from './desk-command.ts';
import { addDeskWrites } from './desk-writes.ts';
import { checkTeam } from './existing-team.ts';
import { openingTemplate, textsOf } from './forms/opening-form.ts';
import { conditionOfOpen } from './open-conversation.ts';
import { deskTermsOf, openSupport, raise } from './support-rules.ts';

export interface NewSupport extends SupportFields {
  readonly customerId: string;
}

type Created = { readonly created: boolean; readonly conversationId: string } | Refusal<SupportStartProblem>;

const content = { type: 'system', system: { kind: 'opened' } } as const;

/**
 * Creates a support conversation. One transaction writes its item, the first entry of its log, its places in the lists
 * and the record by which a repeated request is recognised.
 *
 * @param options `isLimited: false` for conversations that the service opens within limits of its own.
 */
export async function createSupport(
  principal: Principal,
  fields: NewSupport,
  { isLimited = true }: { readonly isLimited?: boolean } = {},
): Promise<Created> {
  const { scope, userId } = principal;
  const { clientConversationId, customerId, metadata, incidentId, templateId, ...opening } = fields;
  const { clientConversationId: _, ...wanted } = fields;
  const [tenant, settings] = await Promise.all([tenantKeys(scope), deskSettings(scope)]);
  const start = { principal, clientConversationId, digest: contentDigest(tenant, canonical(wanted)) };
  const repeated = await startedBefore(start);
  if (repeated !== undefined) {
    return isRefusal(repeated) ? repeated : { created: false, conversationId: repeated.conversation.id };
  }
  const withoutTeam = await refusalOfTeam(scope, opening.teamId);
  if (withoutTeam !== undefined) return withoutTeam;
  if (customerId !== userId && !(await isActive(scope, customerId))) return refuse(userNotFound, unknownCustomer);
  const template = templateId === undefined ? undefined : await openingTemplate(principal, templateId);
  if (isRefusal(template)) return template;
  const texts = textsOf(fields, template);
  const limited = isLimited ? await countUses(principal, [{ limit: useLimits.conversations }]) : undefined;
  if (limited !== undefined) return limited;
  const open = principal.role === 'guest' ? await conditionOfOpen(principal) : undefined;
  if (open !== undefined && 'open' in open) return { created: false, conversationId: open.open };

  const conversationId = newId();
  const owner: LogOwner = {
    scope,
    conversationId,
    keys: await createOwnedKey(scope, conversationOwner(conversationId)),
  };
  const terms = deskTermsOf(settings);
  let item: SupportConversation | undefined;
  let attempts = 0;
  let now = 0;
  const supportAt = (at: number) => {
    const state = openSupport(
      { ...opening, customerId, priority: opening.priority ?? 'medium', tags: opening.tags ?? [] },
      terms,
      at,
    );
    return state.priority === 'urgent' ? raise(state, 1, terms, at) : state;
  };
  const extraWrites = (work: UnitOfWork, entry: LogEntry): void => {
    item = {
      kind: 'support',
      createdBy: userId,
      participants: {
        [customerId]: { role: 'member', joinedSeq: 0, joinedCount: 0, joinedRevision: 1, joinedAt: now },
      },
      revision: entry.state.revision,
      createdAt: now,
      revisedAt: now,
      support: supportAt(now),
      sealed: sealTexts(owner, entry.state.revision, { ...texts, metadata }),
      assignments: [],
      ...(incidentId === undefined ? {} : { incidentId }),
      ...(templateId === undefined ? {} : { templateId }),
      // Wakes at once: if this function fails, the service still looks for an agent.
      wakeAt: now,
    };
    addDeskWrites(work, { conversationId, before: undefined, next: item, entry });
    checkTeam(work, item.support, now);
    const membership: MembershipItem = { conversationId, joinedAt: now, revision: 1, sinceCount: 0 };
    work
      .put('summary', keys.conversationSummary(conversationId), summaryOf(conversationId, entry), absent)
      .put('membership', keys.membership(customerId, conversationId), membership, absent)
      .emit(conversationCreatedEvent, { conversationId, kind: 'support', participantIds: [customerId] });
    if (customerId !== userId) {
      work.check('customer', keys.userAccess(customerId), {
        expression: '#status = :active',
        values: { active: 'active' },
      });
    }
    if (open !== undefined) work.put('open', keys.openSupport(customerId), { conversationId }, open);
    rememberStart(work, start, conversationId);
  };
  const precondition = async (
    _state: unknown,
    next: { readonly createdAt: number },
  ): Promise<PreconditionResult<'raced'>> => {
    // No other request uses this log, so a failed attempt lost a race or names an unknown customer.
    if ((attempts += 1) > 1) return { kind: 'stopped', reason: 'raced' };
    now = next.createdAt;
    return { kind: 'granted', revises: true, support: supportStateOf(supportAt(now)), extraWrites };
  };
  const clientMessageId = newId();
  const { outcome } = await appendToLog<'raced'>(
    owner,
    { entries: [], fromStart: true },
    {
      command: deskCommand(owner, { kind: statusKind, senderId: userId, clientMessageId }, content),
      content,
      origin: undefined,
      precondition,
    },
  );
  if (outcome.kind !== 'written' || item === undefined) return winnerOf(principal, start, fields);
  await announceDeskEntry({ owner, item, entry: outcome.entry });
  const parts = { id: conversationId, item, summary: summaryOf(conversationId, outcome.entry), progress: [] };
  await announceConversation(principal, [customerId], conversationOf(owner, { userId: customerId }, parts));
  return { created: true, conversationId };
}

const unknownCustomer = {
  errors: [{ pointer: '/customerId', code: 'custom', detail: 'must be the id of an active user or guest' }],
} as const;

/** Read before the keys of a conversation are created, which would stay without it. */
async function isActive(scope: TenantScope, userId: string): Promise<boolean> {
  const access = await tenantTable(scope).get<{ readonly status: string }>(keys.userAccess(userId));
  return access?.status === 'active';
}

async function refusalOfTeam(
  scope: TenantScope,
  teamId: string | undefined,
): Promise<Refusal<typeof teamNotFound> | undefined> {
  if (teamId === undefined || (await readTakingTeam(scope, teamId)) !== undefined) return undefined;
  return refuse(teamNotFound, { errors: [{ pointer: '/teamId', code: 'custom', detail: 'must be the id of a team' }] });
}

/** The conversation that the other of two simultaneous requests created. */
async function winnerOf(
  principal: Principal,
  start: Parameters<typeof startedBefore>[0],
  { customerId, teamId }: NewSupport,
): Promise<Created> {
  const repeated = await startedBefore(start);
  if (repeated !== undefined) {
    return isRefusal(repeated) ? repeated : { created: false, conversationId: repeated.conversation.id };
  }
  const open = principal.role === 'guest' ? await conditionOfOpen(principal) : undefined;
  if (open !== undefined && 'open' in open) return { created: false, conversationId: open.open };
  const withoutTeam = await refusalOfTeam(principal.scope, teamId);
  if (withoutTeam !== undefined) return withoutTeam;
  if (customerId === principal.userId) return refuse(conversationBusy, { retryAfterMs: 500 });
  return refuse(userNotFound, unknownCustomer);
}

function summaryOf(conversationId: string, entry: LogEntry) {
  return {
    ...newSummary(conversationId, entry.createdAt),
    lastSeq: entry.seq,
    count: entry.state.count,
    last: toStoredEntry(entry),
    lastShownSeq: entry.seq,
    lastUpdatedSeq: entry.changes.updatedSeq,
  };
}
