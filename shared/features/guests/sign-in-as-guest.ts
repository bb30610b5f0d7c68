import {
  deviceAlreadyGuest,
  deviceRemoved,
  guestEnded,
  guestsOff,
  transferCodeInvalid,
} from '../../contract/guests/problems.ts';
import type { signInAsGuest as signInAsGuestRoute } from '../../contract/guests/sign-in-as-guest.ts';
import { accountSuspended, tooManyAttempts } from '../../contract/problems.ts';
import { isRefusal, refuse } from '../../core/refusal.ts';
import { now } from '../../core/runtime/clock.ts';
import { config } from '../../core/runtime/config.ts';
import type { InputOf, UseCase } from '../../core/use-case.ts';
import type { OpenTenant } from '../identity/account-store.ts';
import { countAttempt, networkHash, tenantBucket } from '../identity/attempt-counter.ts';
import { issueTokenPair } from '../identity/issue-tokens.ts';
import { type NamedTenant, openNamedTenant } from '../identity/open-tenant.ts';
import type { AccessRecord } from '../identity/session-access.ts';
import { createSession } from '../identity/session-store.ts';
import { platformTenant } from '../tenants/tenant-directory.ts';
import { tenantSettings } from '../tenants/tenant-settings.ts';
import { admitNewcomer } from './admit-newcomer.ts';
import { guestLimits } from './guest-limits.ts';
import { openGuest } from './guest-record.ts';
import { createGuest, findGuest, updateGuest } from './guest-store.ts';
import { type Device, identifyDevice, refuseUsedProof, type SignInRefusal } from './identify-device.ts';
import { redeemTransferCode } from './transfer-store.ts';
import { useOnce } from './used-once.ts';
import { findVisitor, type Visitor } from './visitor.ts';

type Input = InputOf<typeof signInAsGuestRoute>;

/** Begins a session of the device's guest, and creates the guest at its first visit. */
export const signInAsGuest: UseCase<typeof signInAsGuestRoute> = async (input, { sourceIp }) => {
  const tenant = await openNamedTenant(input.tenant);
  if (!(await acceptsGuests(tenant))) return refuse(guestsOff);
  const device = identifyDevice(tenant.keys, input, { audience: config.publicUrl, at: now() });
  if (isRefusal(device)) return device;

  const visitor = await findVisitor(tenant, device);
  const refusal = await limitVisit(visitor, input, sourceIp);
  if (refusal !== undefined) return refusal;
  if (device.proof !== undefined) {
    const { id, goodUntil } = device.proof;
    if (!(await useOnce(tenant, 'guest-proof', `${device.deviceId}\n${id}`, goodUntil))) return refuseUsedProof();
  }
  const access = await admitted(visitor, input);
  return isRefusal(access) ? access : beginSession(tenant, device, access, input);
};

async function acceptsGuests({ scope, exists }: NamedTenant): Promise<boolean> {
  // Always read, so that the answer does not come sooner for a nonexistent tenant.
  const { guests } = await tenantSettings(scope);
  return exists && scope.tenantId !== platformTenant.tenantId && guests === 'on';
}

async function limitVisit(
  { tenant, guestId, access }: Visitor,
  { transferCode, work }: Input,
  sourceIp: string,
): Promise<SignInRefusal | undefined> {
  const { scope } = tenant;
  if (access === undefined && transferCode === undefined) return admitNewcomer(tenant, sourceIp, work);
  const bucket =
    transferCode === undefined
      ? tenantBucket(scope, guestLimits.returns, guestId)
      : tenantBucket(scope, guestLimits.transferGuesses, networkHash(sourceIp));
  const retryAfterMs = await countAttempt(bucket);
  return retryAfterMs > 0 ? refuse(tooManyAttempts, { retryAfterMs }) : undefined;
}

/** Returns the access of the guest that the device may use: that of the code, its own, or a new one. */
async function admitted(visitor: Visitor, input: Input): Promise<AccessRecord | SignInRefusal> {
  const { tenant, device, guestId, hasMoved } = visitor;
  if (input.transferCode !== undefined) {
    const currentGuestId = visitor.access === undefined ? undefined : guestId;
    const { deviceId } = device;
    const moving = { deviceId, currentGuestId };
    const transfer = await redeemTransferCode(tenant, input.transferCode, moving, input.endOtherSessions ?? false);
    if (transfer.outcome === 'moved') return transfer.access;
    if (transfer.outcome === 'other guest') return refuse(deviceAlreadyGuest);
    // A device that repeats a request after a lost answer has moved already.
    if (!hasMoved) return refuse(transferCodeInvalid);
  }
  if (visitor.access !== undefined) return visitor.access;
  if (await createGuest(tenant.scope, guestId, input.profile ?? {})) {
    return { userId: guestId, role: 'guest', status: 'active', sessionVersion: 1, endedSessions: {} };
  }
  // A concurrent request of this device created the guest, or moved the device.
  const found = await findVisitor(tenant, device);
  return found.access ?? refuse(guestEnded);
}

async function beginSession(tenant: OpenTenant, { deviceId }: Device, access: AccessRecord, { profile }: Input) {
  const { userId: guestId, role, status } = access;
  if (role !== 'guest') return refuse(guestEnded);
  if (status !== 'active') return refuse(accountSuspended);
  const found = await findGuest(tenant.scope, guestId);
  if (found === undefined) return refuse(guestEnded);
  const { onlyDevices } = found.record;
  if (onlyDevices?.includes(deviceId) === false) return refuse(deviceRemoved);
  const guest =
    profile === undefined
      ? openGuest(found.keys, tenant.scope.tenantId, found.record)
      : await updateGuest(tenant.scope, guestId, profile);
  if (guest === undefined) return refuse(guestEnded);
  return { ...(await issueTokenPair(tenant, access, await createSession(tenant, access))), user: guest };
}
