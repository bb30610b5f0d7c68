import type { NewNotificationPreferences } from '../../contract/schemas/notification.ts';
import { leaseStateOf } from '../../core/delivery/leases.ts';
import { settleAll } from '../../core/runtime/settle-all.ts';
import { type Key, keys, muteKey, notificationKeys } from '../../core/table/keys.ts';
import { tenantTable } from '../../core/table/scoped-table.ts';
import type { TenantScope } from '../../core/tenancy/tenant-scope.ts';
import type { Device } from '../devices/device-item.ts';
import { readDevicesOf } from '../devices/device-store.ts';
import { ownersAmong } from '../devices/endpoint-owner.ts';
import { type AccessRecord, isSessionAlive } from '../identity/session-access.ts';
import { mutedUntil, type MuteItem } from '../notifications/mute-rules.ts';
import type { Listener } from './push-decision-rules.ts';

export interface ListenerWithDevices extends Listener {
  readonly userId: string;
  /** Not empty. Each belongs to a live session of the user, and to nobody else. */
  readonly devices: readonly Device[];
}

/** Users without devices that can get pushes are missing. */
export async function listenersOf(
  scope: TenantScope,
  conversationId: string,
  userIds: readonly string[],
): Promise<readonly ListenerWithDevices[]> {
  const enabled = [...(await readDevicesOf(scope, userIds))]
    .map(([userId, devices]) => ({ userId, devices: devices.filter(({ disabledAt }) => disabledAt === undefined) }))
    .filter(({ devices }) => devices.length > 0);
  if (enabled.length === 0) return [];
  const [owners, items] = await settleAll([
    ownersAmong(enabled.flatMap(({ devices }) => devices)),
    readState(
      scope,
      conversationId,
      enabled.map(({ userId }) => userId),
    ),
  ]);
  return enabled.flatMap(({ userId, devices }) => {
    const read = (key: Key) => items.get(`${key.pk} ${key.sk}`);
    const access = read(keys.userAccess(userId)) as AccessRecord | undefined;
    const own = devices.filter(
      (device) => owners.includes(device) && access !== undefined && isSessionAlive(access, device),
    );
    if (own.length === 0) return [];
    return [
      {
        userId,
        devices: own,
        preferences: read(notificationKeys.preferences(userId))?.['preferences'] as
          NewNotificationPreferences | undefined,
        leases: leaseStateOf(read(keys.userLeases(userId))),
        readSeq: Number(read(keys.progress(conversationId, userId))?.['readSeq'] ?? 0),
        mutedUntil: mutedUntil(read(muteKey(userId, conversationId)) as MuteItem | undefined),
      },
    ];
  });
}

/** Consistent, so that an ended session and a user who has just read get no push. */
async function readState(scope: TenantScope, conversationId: string, userIds: readonly string[]) {
  const wanted = userIds.flatMap((userId) => [
    keys.userAccess(userId),
    keys.userLeases(userId),
    keys.progress(conversationId, userId),
    notificationKeys.preferences(userId),
    muteKey(userId, conversationId),
  ]);
  const items = await tenantTable(scope).batchGet<Readonly<Record<string, unknown>>>(wanted, { consistent: true });
  return new Map(items.map((item) => [`${item.pk} ${item.sk}`, item]));
}
