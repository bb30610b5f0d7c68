import { now } from '../../core/runtime/clock.ts';
import { absent } from '../../core/table/expression.ts';
import { deviceKeys, userIdOf } from '../../core/table/keys.ts';
import { tenantTable } from '../../core/table/scoped-table.ts';
import { type UnitOfWork, unitOfWork } from '../../core/table/unit-of-work.ts';
import type { TenantScope } from '../../core/tenancy/tenant-scope.ts';
import { type Device, expiryAfter, isExpired } from './device-item.ts';

/** One item for each user, so that one batch reads the devices of 100 users. */
interface DevicesItem {
  readonly devices: readonly Device[];
  /** Changes with every write. */
  readonly revision: number;
  /** Seconds since the epoch. */
  readonly expiresAt: number;
}

/** Of competing writers, one always succeeds. */
const attempts = 20;

/** Without expired ones. Reads consistently. */
export async function readDevices(scope: TenantScope, userId: string): Promise<readonly Device[]> {
  const item = await tenantTable(scope).get<DevicesItem>(deviceKeys.devices(userId), { consistent: true });
  return liveOf(item);
}

/** Eventually consistent. */
export async function hasDevices(scope: TenantScope, userId: string): Promise<boolean> {
  return liveOf(await tenantTable(scope).get<DevicesItem>(deviceKeys.devices(userId))).length > 0;
}

/** By user. Users without devices are missing. Eventually consistent: makes one call per 100 users. */
export async function readDevicesOf(
  scope: TenantScope,
  userIds: readonly string[],
): Promise<ReadonlyMap<string, readonly Device[]>> {
  const items = await tenantTable(scope).batchGet<DevicesItem>(userIds.map((userId) => deviceKeys.devices(userId)));
  return new Map(items.map((item) => [userIdOf(item), liveOf(item)]));
}

/**
 * Writes nothing if `decide` returns the same list. `decide` runs again if the devices changed meanwhile.
 * @param extend adds writes to the transaction.
 * @returns the devices before and after the change.
 */
export async function changeDevices(
  scope: TenantScope,
  userId: string,
  decide: (devices: readonly Device[]) => readonly Device[],
  extend: (work: UnitOfWork) => UnitOfWork = (work) => work,
): Promise<{ readonly before: readonly Device[]; readonly after: readonly Device[] }> {
  const key = deviceKeys.devices(userId);
  for (let attempt = 0; attempt < attempts; attempt += 1) {
    const item = await tenantTable(scope).get<DevicesItem>(key, { consistent: true });
    const before = liveOf(item);
    const after = decide(before);
    if (after === before) return { before, after };
    const next: DevicesItem = {
      devices: after,
      revision: (item?.revision ?? 0) + 1,
      expiresAt: expiryAfter(Math.max(now(), ...after.map(({ seenAt }) => seenAt))),
    };
    const unchanged =
      item === undefined ? absent : { expression: '#revision = :read', values: { read: item.revision } };
    const work = unitOfWork(scope).put('devices', key, next, unchanged);
    const outcome = await extend(work).commit();
    if (outcome.committed) return { before, after };
  }
  throw new Error('A user’s devices changed during every attempt to change them');
}

function liveOf(item: DevicesItem | undefined): readonly Device[] {
  const at = now();
  return item?.devices.filter((device) => !isExpired(device, at)) ?? [];
}
