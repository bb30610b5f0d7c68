import type { DeviceView, PushPlatform } from '../../contract/schemas/device.ts';
import { toTimestamp } from '../../core/runtime/clock.ts';

/** A device that receives the pushes of its user while its session lives. The token is stored as a keyed hash only. */
export interface Device {
  readonly id: string;
  readonly platform: PushPlatform;
  /** Names one token of one platform. */
  readonly endpointArn: string;
  /** Names this registration in the record of the endpoint's owner. */
  readonly claimId: string;
  readonly tokenHash: string;
  readonly sessionId: string;
  readonly sessionVersion: number;
  readonly appVersion?: string;
  readonly language?: string;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
  /** Time of the last registration, in milliseconds since the epoch. */
  readonly seenAt: number;
  /** When SNS reported a dead token, in milliseconds since the epoch. */
  readonly disabledAt?: number;
}

const lifeMs = 90 * 24 * 60 * 60 * 1000;

/** AWS advises to remove devices whose apps no longer start. Seconds since the epoch. */
export function expiryAfter(seenAt: number): number {
  return Math.ceil((seenAt + lifeMs) / 1000);
}

export function isExpired({ seenAt }: Pick<Device, 'seenAt'>, at: number): boolean {
  return expiryAfter(seenAt) * 1000 <= at;
}

export function deviceViewOf(device: Device): DeviceView {
  const { id, platform, appVersion, language, createdAt, seenAt, disabledAt } = device;
  return {
    id,
    platform,
    ...(appVersion === undefined ? {} : { appVersion }),
    ...(language === undefined ? {} : { language }),
    enabled: disabledAt === undefined,
    createdAt: toTimestamp(createdAt),
    seenAt: toTimestamp(seenAt),
  };
}
