import { mostDevices, type NewDevice } from '../../contract/schemas/device.ts';
import type { Device } from './device-item.ts';

export function isOverLimit(devices: readonly Device[], input: NewDevice, tokenHash: string): boolean {
  return devices.filter((known) => !isSame(known, input, tokenHash)).length >= mostDevices;
}

/** A restored app may have a known id and a new token, or the other way round. */
export function isSame(known: Device, { deviceId }: NewDevice, tokenHash: string): boolean {
  return known.tokenHash === tokenHash || known.id === deviceId;
}

export function withDevice(
  devices: readonly Device[],
  { sessionId, sessionVersion }: Pick<Device, 'sessionId' | 'sessionVersion'>,
  input: NewDevice,
  { id, ...registration }: Pick<Device, 'id' | 'tokenHash' | 'endpointArn' | 'claimId'>,
  at: number,
): readonly Device[] {
  const { platform, deviceId, appVersion, language } = input;
  const known = devices.filter((device) => isSame(device, input, registration.tokenHash));
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
