import type { OwnStatus, Presence } from '../../contract/schemas/presence.ts';
import { now } from '../../runtime/clock.ts';
import type { Expression } from '../../table/expression.ts';
import { keys } from '../../table/keys.ts';
import { tenantTable } from '../../table/realm-table.ts';
import { unitOfWork } from '../../table/unit-of-work.ts';
import type { TenantScope } from '../../tenancy/tenant-scope.ts';
import { changesPresence, endedUnnoticed, type Lease, leaseMs, type LeaseState, presenceOf } from './presence-rules.ts';

/**
 * A user's leases are one item, each an attribute: an update of one answers with all of them, so that of two changes at
 * once the second knows the first. The stream's consumer does not hear of it: pings are only renewals. What others see
 * rings the user's bell, another item, whose change the consumer hears.
 */
type LeasesItem = Readonly<Record<string, unknown>>;

const attributePrefix = 'l:';

/** Begins a connection's lease, or one that ran out; of one that lives it is a renewal. */
export async function takeLease(
  scope: TenantScope,
  userId: string,
  connectionId: string,
  status: OwnStatus = 'online',
): Promise<void> {
  const { state, before } = await putLease(scope, userId, connectionId, status);
  if (changesPresence(state, connectionId, before, now())) await ring(scope, userId);
}

/** Renews a connection's lease: one write, and no more than that while it has not run out. */
export async function renewLease(scope: TenantScope, userId: string, connectionId: string): Promise<void> {
  const at = now();
  const names = { lease: attributePrefix + connectionId };
  const { written } = await tenantTable(scope).update(
    keys.userLeases(userId),
    { expression: 'SET #lease.#until = :until', names, values: { until: at + leaseMs } },
    { expression: '#lease.#until > :now', names, values: { now: at } },
  );
  if (!written) await takeLease(scope, userId, connectionId);
}

/** Says of one connection whether the user is there. Answers with the presence over all of them. */
export async function leaseWith(
  scope: TenantScope,
  userId: string,
  connectionId: string,
  status: OwnStatus,
): Promise<Presence> {
  const { state } = await putLease(scope, userId, connectionId, status);
  // Whoever says it again was not answered: perhaps nobody was told either, so it counts as a change.
  const before = { until: now() + leaseMs, away: status !== 'away' };
  if (changesPresence(state, connectionId, before, now())) await ring(scope, userId);
  return presenceOf(userId, state, now());
}

/** Says the same of all connections that are open now. */
export async function leaseAllWith(scope: TenantScope, userId: string, status: OwnStatus): Promise<Presence> {
  const state = await leaseState(scope, userId);
  const at = now();
  const live = Object.entries(state.leases).filter(([, { until }]) => until > at);
  let changed = false;
  for (const [connectionId, { until }] of live) {
    const names = { lease: attributePrefix + connectionId };
    const away = status === 'away';
    const outcome = await tenantTable(scope).update<LeasesItem>(
      keys.userLeases(userId),
      { expression: 'SET #lease.#away = :away', names, values: { away } },
      { expression: 'attribute_exists(#lease)', names },
    );
    if (!outcome.written) continue;
    changed ||= changesPresence(stateOf(outcome.item), connectionId, { until, away: !away }, at);
  }
  if (changed) await ring(scope, userId);
  return presenceOf(userId, await leaseState(scope, userId), now());
}

/**
 * Ends a connection's lease. One that is not there is no error.
 * @param how - `told` by the platform just now, or `found` gone: then its last sign of life was the last renewal.
 */
export async function endLease(
  scope: TenantScope,
  userId: string,
  connectionId: string,
  how: 'told' | 'found',
): Promise<void> {
  const at = now();
  const names = { lease: attributePrefix + connectionId };
  const seen: Expression =
    how === 'told'
      ? { expression: '#lastSeenAt = :now', values: { now: at } }
      : { expression: '#lastRenewedAt = #lease.#until - :leaseMs', values: { leaseMs } };
  const outcome = await tenantTable(scope).update<LeasesItem>(
    keys.userLeases(userId),
    { ...seen, expression: `SET ${seen.expression} REMOVE #lease`, names },
    { expression: 'attribute_exists(#lease)', names },
  );
  if (!outcome.written) return;
  if (changesPresence(stateOf(outcome.item), connectionId, { until: at + 1 }, at)) await ring(scope, userId);
}

/**
 * Forgets leases that ran out, if no other is left: whoever notices first tells the others. Both at once, since nobody
 * would notice again.
 */
export async function endUnnoticed(scope: TenantScope, userId: string, state: LeaseState): Promise<void> {
  const at = now();
  const ended = endedUnnoticed(state, at);
  if (ended.length === 0) return;
  const seen = Math.max(state.lastSeenAt ?? 0, ...ended.map((id) => (state.leases[id]?.until ?? leaseMs) - leaseMs));
  const names = Object.fromEntries(ended.map((id, index) => [`l${index}`, attributePrefix + id]));
  const placeholders = Object.keys(names).map((name) => `#${name}`);
  await unitOfWork(scope)
    .update(
      'leases',
      keys.userLeases(userId),
      { expression: `REMOVE ${placeholders.join(', ')} SET #lastSeenAt = :seen`, names, values: { seen } },
      { expression: placeholders.map((one) => `${one}.#until <= :now`).join(' AND '), names, values: { now: at } },
    )
    .update('bell', keys.userPresence(userId), rung())
    .commit();
}

/** What is known of a user's connections, read consistently. */
export async function leaseState(scope: TenantScope, userId: string): Promise<LeaseState> {
  const item = await tenantTable(scope).get<LeasesItem>(keys.userLeases(userId), { consistent: true });
  return item === undefined ? { leases: {} } : stateOf(item);
}

/** The same of many: one call for 100 of them, eventually consistent. Whoever never was there is left out. */
export async function leaseStates(
  scope: TenantScope,
  userIds: readonly string[],
): Promise<ReadonlyMap<string, LeaseState>> {
  const items = await tenantTable(scope).batchGet<LeasesItem>(userIds.map((userId) => keys.userLeases(userId)));
  return new Map(items.map((item) => [item.pk.slice('U#'.length), stateOf(item)]));
}

/** The item keeps what the connection was before: only the write itself knows, and a greeting may be a repeated one. */
async function putLease(
  scope: TenantScope,
  userId: string,
  connectionId: string,
  status: OwnStatus,
): Promise<{ readonly state: LeaseState; readonly before: Lease }> {
  const lease: Lease = { until: now() + leaseMs, ...(status === 'away' ? { away: true } : {}) };
  const change: Expression = {
    expression: 'SET #before = if_not_exists(#lease, :none), #lease = :lease',
    names: { lease: attributePrefix + connectionId },
    values: { lease, none: { until: 0 } },
  };
  const outcome = await tenantTable(scope).update<LeasesItem>(keys.userLeases(userId), change);
  if (!outcome.written) throw new Error('A change without a condition was refused');
  return { state: stateOf(outcome.item), before: outcome.item['before'] as Lease };
}

async function ring(scope: TenantScope, userId: string): Promise<void> {
  await tenantTable(scope).update(keys.userPresence(userId), rung());
}

function rung(): Expression {
  return { expression: 'SET #rungAt = :at', values: { at: now() } };
}

function stateOf(item: LeasesItem): LeaseState {
  const leases = Object.entries(item).filter(([name]) => name.startsWith(attributePrefix));
  return {
    leases: Object.fromEntries(leases.map(([name, lease]) => [name.slice(attributePrefix.length), lease as Lease])),
    lastSeenAt: Math.max(Number(item['lastSeenAt'] ?? 0), Number(item['lastRenewedAt'] ?? 0)),
  };
}
