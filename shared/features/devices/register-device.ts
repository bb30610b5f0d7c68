import { deviceLimitReached, pushNotConfigured, pushTokenRejected } from '../../contract/devices/problems.ts';
import { type DeviceView, mostDevices, type NewDevice } from '../../contract/schemas/device.ts';
import { tenantKeys } from '../../core/encryption/data-keys.ts';
import { blindIndex } from '../../core/encryption/field-cipher.ts';
import { type Refusal, refuse } from '../../core/refusal.ts';
import { now } from '../../core/runtime/clock.ts';
import { newId } from '../../core/runtime/ids.ts';
import { settleAll } from '../../core/runtime/settle-all.ts';
import type { Principal } from '../../core/tenancy/principal.ts';
import { switchOn } from '../sinks/sink-store.ts';
import { type Device, deviceViewOf } from './device-item.ts';
import { changeDevices, readDevices } from './device-store.ts';
import { claimEndpoint, ownersAmong, releaseEndpoint } from './endpoint-owner.ts';
import { forgetDevices } from './forget-devices.ts';
import { openEndpoint } from './push-endpoints.ts';

type Problem = typeof deviceLimitReached | typeof pushNotConfigured | typeof pushTokenRejected;

export interface RegisteredDevice {
  readonly isNew: boolean;
  readonly device: DeviceView;
}

const attempts = 5;
const rejectedToken = [{ pointer: '/token', code: 'custom', detail: 'must be a token of the platform' }] as const;

/**
 * Claims the endpoint of the token before it stores the device: a function that dies in between leaves a device without
 * pushes, until the app registers it again.
 */
export async function registerDevice(
  principal: Principal,
  input: NewDevice,
): Promise<RegisteredDevice | Refusal<Problem>> {
  const { scope, userId } = principal;
  const [keys, stored] = await settleAll([tenantKeys(scope), readDevices(scope, userId)]);
  const tokenHash = blindIndex(keys, 'push-token', `${input.platform}\n${input.token.toLowerCase()}`);
  if (isOverLimit(stored, input, tokenHash)) {
    const own = await ownersAmong(stored);
    if (isOverLimit(own, input, tokenHash)) return refuse(deviceLimitReached);
    await forgetDevices(
      scope,
      userId,
      stored.filter((device) => !own.includes(device)),
    );
  }
  const seen = new Set(stored.map(({ claimId }) => claimId));
  for (let attempt = 0; attempt < attempts; attempt += 1) {
    const owned = await ownEndpoint(input);
    if ('refused' in owned) return owned;
    const replaced = { id: newId(), tokenHash, ...owned };
    const { before, after } = await changeDevices(
      scope,
      userId,
      (devices) =>
        isOverLimit(devices, input, tokenHash) ? devices : withDevice(devices, principal, input, replaced),
      (work) => switchOn(work, 'push'),
    );
    const known = before.filter((device) => isSame(device, input, tokenHash));
    const device = after.find(({ claimId }) => claimId === owned.claimId);
    for (const { endpointArn, claimId } of device === undefined ? [owned] : known) {
      // The new claim has already replaced an earlier one of the same endpoint.
      if (claimId === owned.claimId || endpointArn !== owned.endpointArn) await releaseEndpoint(endpointArn, claimId);
    }
    if (device === undefined) return refuse(deviceLimitReached);
    // A request at the same time may have claimed the endpoint after this one, and stored its device before.
    const isContended = known.some(({ claimId }) => !seen.has(claimId));
    if (!isContended) return { isNew: known.length === 0, device: deviceViewOf(device) };
    for (const { claimId } of [...known, owned]) seen.add(claimId);
  }
  throw new Error('The same device was registered during every attempt');
}

type OwnedEndpoint = Pick<Device, 'endpointArn' | 'claimId'>;

async function ownEndpoint({
  platform,
  token,
}: NewDevice): Promise<OwnedEndpoint | Refusal<typeof pushNotConfigured | typeof pushTokenRejected>> {
  for (let attempt = 0; attempt < attempts; attempt += 1) {
    const opened = await openEndpoint(platform, token);
    if ('refused' in opened) {
      return opened.refused === 'platform-missing'
        ? refuse(pushNotConfigured)
        : refuse(pushTokenRejected, { errors: rejectedToken });
    }
    const claimId = await claimEndpoint(opened.arn);
    if (claimId !== undefined) return { endpointArn: opened.arn, claimId };
  }
  throw new Error('The endpoint of a device was deleted during every attempt to claim it');
}

function isOverLimit(devices: readonly Device[], input: NewDevice, tokenHash: string): boolean {
  return devices.filter((known) => !isSame(known, input, tokenHash)).length >= mostDevices;
}

/** A restored app may have a known id and a new token, or the other way round. */
function isSame(known: Device, { deviceId }: NewDevice, tokenHash: string): boolean {
  return known.tokenHash === tokenHash || known.id === deviceId;
}

function withDevice(
  devices: readonly Device[],
  { sessionId, sessionVersion }: Principal,
  input: NewDevice,
  { id, ...registration }: Pick<Device, 'id' | 'tokenHash' | 'endpointArn' | 'claimId'>,
): readonly Device[] {
  const { platform, deviceId, appVersion, language } = input;
  const known = devices.filter((device) => isSame(device, input, registration.tokenHash));
  const at = now();
  const device: Device = {
    ...registration,
    id: deviceId ?? known[0]?.id ?? id,
    platform,
    sessionId,
    sessionVersion,
    ...(appVersion === undefined ? {} : { appVersion }),
    ...(language === undefined ? {} : { language }),
    createdAt: Math.min(at, ...known.map(({ createdAt }) => createdAt)),
    seenAt: at,
  };
  return [...devices.filter((each) => !known.includes(each)), device];
}
