import { decodeTime } from 'ulid';
import type { Guest } from '../../contract/schemas/guest.ts';
import type { TenantKeys } from '../../core/encryption/data-keys.ts';
import { createOwnedKey, destroyOwnedKey, type KeyOwner, ownedKeys } from '../../core/encryption/owned-keys.ts';
import { now } from '../../core/runtime/clock.ts';
import { newId } from '../../core/runtime/ids.ts';
import { absent } from '../../core/table/expression.ts';
import { keys as tableKeys } from '../../core/table/keys.ts';
import { tenantTable } from '../../core/table/scoped-table.ts';
import { unitOfWork } from '../../core/table/unit-of-work.ts';
import type { TenantScope } from '../../core/tenancy/tenant-scope.ts';
import type { AccessRecord } from '../identity/session-access.ts';
import { changeGuest, type GuestProfileChange, type GuestRecord, openGuest } from './guest-record.ts';

type KeyName = Pick<GuestRecord, 'guestId' | 'keyId'>;

/** Each key has an owner of its own, because environments that cached a destroyed key still use it for minutes. */
const keyOwnerOf = ({ guestId, keyId }: KeyName): KeyOwner => `guest/${guestId}/${keyId}`;

/** A guest's record with the key that decrypts it. */
export interface OpenGuest {
  readonly record: GuestRecord;
  readonly keys: TenantKeys;
}

/** The guest that a device moved to. */
export interface GuestDeviceRecord {
  readonly guestId: string;
}

/** @returns undefined if there is no such guest, or its key was destroyed. */
export async function findGuest(scope: TenantScope, guestId: string): Promise<OpenGuest | undefined> {
  const record = await tenantTable(scope).get<GuestRecord>(tableKeys.guestProfile(guestId), { consistent: true });
  if (record === undefined) return undefined;
  const keys = await ownedKeys(scope, keyOwnerOf(record));
  return keys && { record, keys };
}

/** A guest as the guest sees it. */
export async function readGuest(
  { scope }: { readonly scope: TenantScope },
  guestId: string,
): Promise<Guest | undefined> {
  const found = await findGuest(scope, guestId);
  return found && openGuest(found.keys, scope.tenantId, found.record);
}

/** The guest that a device moved to, if it did. */
export async function findDevice(scope: TenantScope, deviceId: string): Promise<GuestDeviceRecord | undefined> {
  return tenantTable(scope).get<GuestDeviceRecord>(tableKeys.guestDevice(deviceId), { consistent: true });
}

/**
 * Creates a guest. Of concurrent calls for one device, one succeeds.
 * @returns false if the guest exists, or the device moved to another guest meanwhile.
 */
export async function createGuest(scope: TenantScope, guestId: string, profile: GuestProfileChange): Promise<boolean> {
  const at = now();
  const empty: GuestRecord = { guestId, keyId: newId(), createdAt: at, updatedAt: at, revision: 0 };
  const keys = await createOwnedKey(scope, keyOwnerOf(empty));
  const filled = changeGuest(keys, scope.tenantId, empty, profile, at);
  const access: AccessRecord = {
    userId: guestId,
    role: 'guest',
    status: 'active',
    sessionVersion: 1,
    endedSessions: {},
  };
  const outcome = await unitOfWork(scope)
    .check('device', tableKeys.guestDevice(guestId), absent)
    .put('access', tableKeys.userAccess(guestId), access, absent)
    .put('guest', tableKeys.guestProfile(guestId), { ...filled, revision: 1 }, absent)
    .commit();
  // If another call succeeded, nothing is encrypted under this key.
  return outcome.committed;
}

/** Changes a guest's profile. @returns undefined if there is no such guest. */
export async function updateGuest(
  scope: TenantScope,
  guestId: string,
  change: GuestProfileChange,
): Promise<Guest | undefined> {
  for (;;) {
    const found = await findGuest(scope, guestId);
    if (found === undefined) return undefined;
    const { record: before, keys } = found;
    const after = changeGuest(keys, scope.tenantId, before, change, now());
    if (after === before) return openGuest(keys, scope.tenantId, before);
    const outcome = await tenantTable(scope).put<GuestRecord>(tableKeys.guestProfile(guestId), after, {
      expression: '#revision = :read',
      values: { read: before.revision },
    });
    if (outcome.written) return openGuest(keys, scope.tenantId, after);
    // The record changed since it was read: retry with the current one.
  }
}

/** For a profile that was deleted: backups of the table still have it. Repeating it changes nothing. */
export async function destroyGuestKey(scope: TenantScope, name: KeyName): Promise<void> {
  await destroyOwnedKey(scope, keyOwnerOf(name));
}

/**
 * Empties a profile and destroys its key, so that backups of the table do not reveal it either. The guest stays signed
 * in. Repeating it completes an interrupted call, and keeps a profile that was emptied after `before`.
 * @param before - milliseconds since the epoch.
 */
export async function eraseGuestProfile(scope: TenantScope, guestId: string, before: number): Promise<void> {
  for (;;) {
    const record = await tenantTable(scope).get<GuestRecord>(tableKeys.guestProfile(guestId), { consistent: true });
    if (record === undefined || decodeTime(record.keyId) > before) return;
    await destroyOwnedKey(scope, keyOwnerOf(record));
    const { onlyDevices, createdAt, revision } = record;
    const after: GuestRecord = {
      guestId,
      keyId: newId(),
      ...(onlyDevices === undefined ? {} : { onlyDevices }),
      createdAt,
      updatedAt: now(),
      revision: revision + 1,
    };
    await createOwnedKey(scope, keyOwnerOf(after));
    const outcome = await tenantTable(scope).put<GuestRecord>(tableKeys.guestProfile(guestId), after, {
      expression: '#revision = :read',
      values: { read: revision },
    });
    if (outcome.written) return;
    // The record changed since it was read: erase the current one.
    await destroyOwnedKey(scope, keyOwnerOf(after));
  }
}
