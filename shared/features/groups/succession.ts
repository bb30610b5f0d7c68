import { keys } from '../../core/table/keys.ts';
import { tenantTable } from '../../core/table/scoped-table.ts';
import type { TenantScope } from '../../core/tenancy/tenant-scope.ts';
import type { AccessRecord } from '../identity/session-access.ts';
import { type GroupConversation, participantIdsOf } from '../log/conversation-item.ts';
import type { Refusal } from '../../core/refusal.ts';
import type { ChangeContext } from '../messages/open-for-change.ts';
import { promotion, type Decide, type GroupDecision, ledBy, withPromotion } from './group-rules.ts';
import { adminsOf, preferredNextAdmin } from './succession-rules.ts';

const batchSize = 20;

/** Returns the next admin when a user stops being admin; undefined while there is another admin. */
export async function nextAdminOf(
  scope: TenantScope,
  item: GroupConversation,
  userId: string,
): Promise<string | undefined> {
  if (adminsOf(item).some((adminId) => adminId !== userId)) return undefined;
  return firstChoice(
    scope,
    participantIdsOf(item).filter((otherId) => otherId !== userId),
  );
}

/** Undefined while an admin's account is active. */
async function actingAdmin(scope: TenantScope, item: GroupConversation): Promise<string | undefined> {
  const admins = adminsOf(item);
  const accounts = await accessOf(scope, admins);
  if (accounts.some(({ status }) => status === 'active')) return undefined;
  return firstChoice(
    scope,
    participantIdsOf(item).filter((memberId) => !admins.includes(memberId)),
  );
}

/** A refused user who may act as admin becomes an admin, even if nothing else changes. */
export async function decideWithSuccession<Problem extends Refusal>(
  decide: Decide<Problem>,
  item: GroupConversation,
  context: ChangeContext,
  userId: string,
): Promise<GroupDecision | Problem> {
  const decision = await decide(item, context);
  if ('refused' in decision || decision.kind !== 'not-admin') return decision;
  if ((await actingAdmin(context.scope, item)) !== userId) return decision;
  const second = await decide(ledBy(item, userId), context);
  if ('refused' in second) return second;
  if (second.kind === 'same') return { kind: 'change', change: promotion(userId) };
  return second.kind === 'change' ? { kind: 'change', change: withPromotion(second.change, userId) } : second;
}

async function firstChoice(scope: TenantScope, candidates: readonly string[]): Promise<string | undefined> {
  const accounts: AccessRecord[] = [];
  for (let start = 0; start < candidates.length; start += batchSize) {
    const batch = await accessOf(scope, candidates.slice(start, start + batchSize));
    accounts.push(...batch);
    if (batch.some(({ status, role }) => status === 'active' && role !== 'guest')) break;
  }
  return preferredNextAdmin(candidates, accounts);
}

function accessOf(scope: TenantScope, userIds: readonly string[]): Promise<readonly AccessRecord[]> {
  return tenantTable(scope).batchGet<AccessRecord>(
    userIds.map((userId) => keys.userAccess(userId)),
    { consistent: true },
  );
}
