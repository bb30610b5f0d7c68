import type { OwnStatus, Presence } from '../../contract/schemas/presence.ts';
import { now } from '../runtime/clock.ts';
import type { Expression } from '../table/expression.ts';
import { keys, userIdOf } from '../table/keys.ts';
import { tenantTable } from '../table/scoped-table.ts';
import { newsAttribute } from '../table/schema.ts';
import type { Principal } from '../tenancy/principal.ts';
import type { TenantScope } from '../tenancy/tenant-scope.ts';
import {
  endOf,
  expiredLeases,
  lastActivityOf,
  type Lease,
  leaseMs,
  type LeaseState,
  presenceOf,
} from './presence-rules.ts';

/**
 * One item holds all leases of a user, so a change's stream record has both states. Renewals remove the news attribute,
 * so that the stream's filter skips them. The item's expiry announces an end that API Gateway did not report.
 */
type LeasesItem = Readonly<Record<string, unknown>>;

const attributePrefix = 'l:';
/**
 * Limit of one update: an expression may have 4 KB and 300 operators.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ServiceQuotas.html
 */
const mostRemoved = 50;

/** Begins or renews a connection's lease. */
export async function takeLease(
  principal: LeaseHolder,
  connectionId: string,
  status: OwnStatus = 'online',
): Promise<void> {
  const state = await putLease(principal, connectionId, status);
  await forgetRunOut(principal.scope, principal.userId, state);
}

export type LeaseHolder = Pick<Principal, 'scope' | 'userId' | 'expiresAt'>;

export async function renewLease(principal: LeaseHolder, connectionId: string): Promise<void> {
  const { scope, userId } = principal;
  const at = now();
  const names = { lease: attributePrefix + connectionId };
  const outcome = await tenantTable(scope).update<LeasesItem>(
    keys.userLeases(userId),
    {
      expression: `SET #lease.#until = :until, #expiresAt = :expiresAt REMOVE #${newsAttribute}`,
      names,
      values: { until: at + leaseMs, expiresAt: expiryOf(at) },
    },
    { expression: '#lease.#until > :now', names, values: { now: at } },
  );
  if (outcome.written) await forgetRunOut(scope, userId, leaseStateOf(outcome.item));
  else await takeLease(principal, connectionId);
}

/** Also renews the lease. @returns the presence over all connections of the user. */
export async function leaseWith(principal: LeaseHolder, connectionId: string, status: OwnStatus): Promise<Presence> {
  return presenceOf(principal.userId, await putLease(principal, connectionId, status), now());
}

export async function leaseAllWith(scope: TenantScope, userId: string, status: OwnStatus): Promise<Presence> {
  const { leases } = await leaseState(scope, userId);
  const at = now();
  const live = Object.entries(leases).filter(([, lease]) => endOf(lease) > at);
  for (const [connectionId] of live) {
    const names = { lease: attributePrefix + connectionId };
    await tenantTable(scope).update<LeasesItem>(
      keys.userLeases(userId),
      {
        expression: `SET #lease.#away = :away, #${newsAttribute} = :at`,
        names,
        values: { away: status === 'away', at },
      },
      { expression: 'attribute_exists(#lease)', names },
    );
  }
  return presenceOf(userId, await leaseState(scope, userId), now());
}

/**
 * Ends a connection's lease, if any.
 * @param how `reported` by API Gateway now, or `discovered` by a post: the last renewal is the last activity.
 */
export async function endLease(
  scope: TenantScope,
  userId: string,
  connectionId: string,
  how: 'reported' | 'discovered',
): Promise<void> {
  const names = { lease: attributePrefix + connectionId };
  const seen: Expression =
    how === 'reported'
      ? { expression: '#lastSeenAt = :at' }
      : { expression: '#lastRenewedAt = #lease.#until - :leaseMs', values: { leaseMs } };
  await tenantTable(scope).update<LeasesItem>(
    keys.userLeases(userId),
    {
      expression: `SET ${seen.expression}, #${newsAttribute} = :at REMOVE #lease`,
      names,
      values: { ...seen.values, at: now() },
    },
    { expression: 'attribute_exists(#lease)', names },
  );
}

/** Removes at most 50 expired leases. The projector announces unreported ends. */
export async function forgetRunOut(scope: TenantScope, userId: string, state: LeaseState): Promise<void> {
  const at = now();
  const ended = expiredLeases(state, at).slice(0, mostRemoved);
  if (ended.length === 0) return;
  const names = Object.fromEntries(ended.map((id, index) => [`l${index}`, attributePrefix + id]));
  const placeholders = Object.keys(names).map((name) => `#${name}`);
  const seen = lastActivityOf({
    ...state,
    leases: Object.fromEntries(ended.map((id) => [id, state.leases[id] ?? none])),
  });
  await tenantTable(scope).update<LeasesItem>(
    keys.userLeases(userId),
    {
      expression: `REMOVE ${placeholders.join(', ')} SET #lastRenewedAt = :seen, #${newsAttribute} = :at`,
      names,
      values: { seen, at },
    },
    {
      expression: placeholders
        .map((lease) => `(${lease}.#until <= :now OR ${lease}.#tokenExpiresAt <= :now)`)
        .join(' AND '),
      names,
      values: { now: at },
    },
  );
}

const none = { until: 0 };

/** Restores the last activity after the item has expired, unless the new item has a later one. */
export async function keepLastSeen(scope: TenantScope, userId: string, state: LeaseState): Promise<void> {
  const seen = lastActivityOf(state);
  if (seen === 0) return;
  await tenantTable(scope).update<LeasesItem>(
    keys.userLeases(userId),
    { expression: 'SET #lastSeenAt = :seen', values: { seen } },
    { expression: 'attribute_not_exists(#lastSeenAt) OR #lastSeenAt < :seen' },
  );
}

export async function leaseState(scope: TenantScope, userId: string): Promise<LeaseState> {
  const item = await tenantTable(scope).get<LeasesItem>(keys.userLeases(userId), { consistent: true });
  return leaseStateOf(item);
}

/** Omits users who never connected. Makes one eventually consistent call per 100 users. */
export async function leaseStates(
  scope: TenantScope,
  userIds: readonly string[],
): Promise<ReadonlyMap<string, LeaseState>> {
  const items = await tenantTable(scope).batchGet<LeasesItem>(userIds.map((userId) => keys.userLeases(userId)));
  return new Map(items.map((item) => [userIdOf(item), leaseStateOf(item)]));
}

async function putLease(
  { scope, userId, expiresAt: tokenExpiresAt }: LeaseHolder,
  connectionId: string,
  status: OwnStatus,
): Promise<LeaseState> {
  const at = now();
  const lease: Lease = { until: at + leaseMs, tokenExpiresAt, ...(status === 'away' ? { away: true } : {}) };
  const outcome = await tenantTable(scope).update<LeasesItem>(keys.userLeases(userId), {
    expression: `SET #lease = :lease, #expiresAt = :expiresAt, #${newsAttribute} = :at`,
    names: { lease: attributePrefix + connectionId },
    values: { lease, expiresAt: expiryOf(at), at },
  });
  if (!outcome.written) throw new Error('An update without a condition failed its condition');
  return leaseStateOf(outcome.item);
}

/** Seconds since the epoch. */
function expiryOf(at: number): number {
  return Math.ceil((at + leaseMs) / 1000);
}

export function leaseStateOf(item: LeasesItem | undefined): LeaseState {
  const leases = Object.entries(item ?? {}).filter(([name]) => name.startsWith(attributePrefix));
  return {
    leases: Object.fromEntries(leases.map(([name, lease]) => [name.slice(attributePrefix.length), lease as Lease])),
    lastSeenAt: Math.max(Number(item?.['lastSeenAt'] ?? 0), Number(item?.['lastRenewedAt'] ?? 0)),
  };
}
