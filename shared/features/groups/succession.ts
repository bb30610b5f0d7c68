import { keys } from '../../core/table/keys.ts';
import { tenantTable } from '../../core/table/scoped-table.ts';
import type { TenantScope } from '../../core/tenancy/tenant-scope.ts';
import type { AccessRecord } from '../identity/session-access.ts';
import { type ConversationItem, participantIdsOf } from '../log/conversation-item.ts';
import type { Refusal } from '../../core/refusal.ts';
import type { ChangeContext } from '../messages/open-for-change.ts';
import { promotion, type Decide, type GroupDecision, ledBy, withPromotion } from './group-rules.ts';
import { adminsOf, preferredNextAdmin } from './succession-rules.ts';

/** Accounts that are read at a time: mostly the first of them is the one. */
const batchSize = 20;

/**
 * Who becomes an admin when somebody ceases to be one: nobody while there is another. Reads the accounts of the others,
 * consistently, until there is one that cannot be bettered.
 */
export async function nextAdminOf(
  scope: TenantScope,
  item: ConversationItem,
  userId: string,
): Promise<string | undefined> {
  if (adminsOf(item).some((one) => one !== userId)) return undefined;
  return firstChoice(
    scope,
    participantIdsOf(item).filter((one) => one !== userId),
  );
}

/**
 * Who may act as a group's admin while the accounts of all its admins are not active: nobody while one of them is.
 */
async function actingAdmin(scope: TenantScope, item: ConversationItem): Promise<string | undefined> {
  const admins = adminsOf(item);
  const accounts = await accessOf(scope, admins);
  if (accounts.some(({ status }) => status === 'active')) return undefined;
  return firstChoice(
    scope,
    participantIdsOf(item).filter((one) => !admins.includes(one)),
  );
}

/**
 * Decides, and once more for whoever may act as the admin, since nobody else can: what is changed then makes the actor an
 * admin, and if nothing is, that alone is the change.
 */
export async function decideWithSuccession<Problem extends Refusal>(
  decide: Decide<Problem>,
  item: ConversationItem,
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
  const known: AccessRecord[] = [];
  for (let start = 0; start < candidates.length; start += batchSize) {
    const batch = await accessOf(scope, candidates.slice(start, start + batchSize));
    known.push(...batch);
    if (batch.some(({ status, role }) => status === 'active' && role !== 'guest')) break;
  }
  return preferredNextAdmin(candidates, known);
}

function accessOf(scope: TenantScope, userIds: readonly string[]): Promise<readonly AccessRecord[]> {
  return tenantTable(scope).batchGet<AccessRecord>(
    userIds.map((userId) => keys.userAccess(userId)),
    { consistent: true },
  );
}
