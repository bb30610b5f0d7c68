import { settleAll } from '../../core/runtime/settle-all.ts';
import { type OpenTenant, readAccess } from '../identity/account-store.ts';
import type { AccessRecord } from '../identity/session-access.ts';
import { findDevice } from './guest-store.ts';
import type { Device } from './identify-device.ts';

/** A device with the guest that it belongs to, if it has one. */
export interface Visitor {
  readonly tenant: OpenTenant;
  readonly device: Device;
  readonly guestId: string;
  readonly hasMoved: boolean;
  readonly access: AccessRecord | undefined;
}

/** Reads the guest of a device: the one that it moved to, or its own. */
export async function findVisitor(tenant: OpenTenant, device: Device): Promise<Visitor> {
  const { scope } = tenant;
  const [moved, own] = await settleAll([findDevice(scope, device.deviceId), readAccess(scope, device.deviceId)]);
  if (moved === undefined) return { tenant, device, guestId: device.deviceId, hasMoved: false, access: own };
  return { tenant, device, guestId: moved.guestId, hasMoved: true, access: await readAccess(scope, moved.guestId) };
}
