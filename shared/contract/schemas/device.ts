import * as z from 'zod/mini';
import { timestamp } from './ids.ts';
import { text } from './text.ts';

export const pushPlatforms = ['fcm', 'apns', 'apns-sandbox'] as const;
export type PushPlatform = (typeof pushPlatforms)[number];

export const mostDevices = 20;

export const deviceId = text(
  z.regex(/^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/, 'must be 1 to 64 letters, digits, hyphens and underscores'),
  z.meta({
    description: 'Id of the device: 1 to 64 letters, digits, hyphens and underscores',
    examples: ['01KAJ7Q5W8Y1B4D7F0H3K6N9RS'],
  }),
);

const platform = z.enum(pushPlatforms).check(
  z.meta({
    description: '`fcm` for Android, `apns` for iOS, and `apns-sandbox` for iOS builds signed for development',
    examples: ['apns'],
  }),
);

/** BCP 47. */
const language = text(
  z.regex(/^[A-Za-z]{2,3}(?:-[A-Za-z0-9]{1,8}){0,3}$/, 'must be a language tag such as de or pt-BR'),
  z.meta({ description: 'Language of the app, a BCP 47 tag', examples: ['de'] }),
);

const appVersion = text(
  z.regex(/^[A-Za-z0-9][A-Za-z0-9.+_-]{0,63}$/, 'must be a version such as 4.2.0'),
  z.meta({ description: 'Version of the app', examples: ['4.2.0'] }),
);

/** SNS accepts no longer ones. APNs issues hexadecimal digits, and FCM these characters. */
const pushToken = text(
  z.minLength(8),
  z.maxLength(2048),
  z.regex(/^[A-Za-z0-9:_-]+$/, 'must be the token that the operating system gave to the app'),
  z.meta({
    description:
      'The token that FCM or APNs gave to the app, for APNs in hexadecimal digits. The service keeps a keyed hash only.',
    examples: ['740f4707bebcf74f9b7c25d48e3358945f6aa01da5ddb387462c7eaf61bb78ad'],
  }),
);

export const newDevice = z
  .strictObject({
    platform,
    token: pushToken,
    deviceId: z.optional(
      deviceId.check(
        z.describe('An id that the app generates once and keeps. Without it, the service recognises the token.'),
      ),
    ),
    appVersion: z.optional(appVersion),
    language: z.optional(language),
  })
  .register(z.globalRegistry, {
    id: 'NewDevice',
    description: 'A device that receives pushes',
    examples: [
      {
        platform: 'apns',
        token: '740f4707bebcf74f9b7c25d48e3358945f6aa01da5ddb387462c7eaf61bb78ad',
        deviceId: '01KAJ7Q5W8Y1B4D7F0H3K6N9RS',
        appVersion: '4.2.0',
        language: 'de',
      },
    ],
  });
export type NewDevice = z.infer<typeof newDevice>;

export const device = z
  .object({
    id: deviceId,
    platform,
    appVersion: z.optional(appVersion),
    language: z.optional(language),
    enabled: z.boolean().check(
      z.meta({
        description: 'False after FCM or APNs rejected the token. Register the device again with its current token.',
        examples: [true],
      }),
    ),
    createdAt: timestamp,
    seenAt: timestamp.check(z.describe('Time of the last registration')),
  })
  .register(z.globalRegistry, {
    id: 'Device',
    description: 'A device of the caller. It expires 90 days after its last registration.',
  });
export type DeviceView = z.infer<typeof device>;
