import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { Authentication, HmacProfile } from '../../contract/schemas/incident-authentication.ts';

export interface ArrivedDelivery {
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly bytes: Uint8Array;
}

const overBody = { algorithm: 'sha256', encoding: 'hex', signedString: 'body', toleranceSeconds: 300 } as const;

/** As the senders document their signatures. Sources are in docs/incidents.md. */
const presets = {
  'standard-webhooks': {
    ...{ header: 'webhook-signature', algorithm: 'sha256', encoding: 'base64', prefix: 'v1,' },
    ...{ signedString: 'id.ts.body', timestampHeader: 'webhook-timestamp', idHeader: 'webhook-id' },
    toleranceSeconds: 300,
  },
  pagerduty: { ...overBody, header: 'x-pagerduty-signature', prefix: 'v1=' },
  jira: { ...overBody, header: 'x-hub-signature', prefix: 'sha256=' },
  github: { ...overBody, header: 'x-hub-signature-256', prefix: 'sha256=' },
  stripe: { ...overBody, header: 'stripe-signature', prefix: 'v1=', signedString: 'ts.body' },
} as const satisfies Readonly<Record<string, HmacProfile>>;

/** @returns undefined if the sender proves itself with a token. */
export function profileOf({ mode, profile }: Authentication): HmacProfile | undefined {
  if (mode === 'token') return undefined;
  return mode === 'hmac' ? profile : presets[mode];
}

/** Whether the delivery proves one of the secrets. Takes the same time whichever byte differs. */
export function isAuthentic(
  authentication: Authentication,
  secrets: readonly string[],
  delivery: ArrivedDelivery,
  now: number,
): boolean {
  const profile = profileOf(authentication);
  if (profile === undefined) return hasToken(authentication.header, secrets, delivery);
  const signedPart = signedPrefix(profile, delivery, now);
  if (signedPart === undefined) return false;
  const claimed = signaturesIn(delivery.headers[profile.header] ?? '', profile);
  return secrets
    .map((secret) => signatureOf(profile, keyOf(authentication, secret), signedPart, delivery.bytes))
    .some((expected) => claimed.some((signature) => isSame(signature, expected)));
}

function hasToken(header = 'authorization', secrets: readonly string[], { headers }: ArrivedDelivery): boolean {
  const sent = headers[header] ?? '';
  const token = header === 'authorization' ? sent.replace(/^bearer +/i, '') : sent;
  return secrets.filter((secret) => isSame(digest(token), digest(secret))).length > 0;
}

function digest(value: string): Buffer {
  return createHash('sha256').update(value).digest();
}

/** The signed text before the body. Undefined for a missing id, or a time that is missing or too far away. */
function signedPrefix(profile: HmacProfile, { headers }: ArrivedDelivery, now: number): string | undefined {
  const { signedString, timestampHeader, idHeader, header, toleranceSeconds } = profile;
  if (signedString === 'body') return '';
  const time = timestampHeader === undefined ? timeIn(headers[header] ?? '') : headers[timestampHeader];
  if (time === undefined || !/^\d{1,12}$/.test(time)) return undefined;
  if (Math.abs(now / 1000 - Number(time)) > toleranceSeconds) return undefined;
  if (signedString === 'ts.body') return `${time}.`;
  const id = idHeader === undefined ? undefined : headers[idHeader];
  return id === undefined || id === '' ? undefined : `${id}.${time}.`;
}

/** Of `t=1767323045,v1=…`. */
function timeIn(header: string): string | undefined {
  return /(?:^|[,\s])t=(\d+)/.exec(header)?.[1];
}

/** A header may have several signatures, while the sender rotates its secret. In the given encoding. */
function signaturesIn(header: string, { prefix, encoding }: HmacProfile): readonly Buffer[] {
  const separator = prefix.includes(',') ? /\s+/ : /[\s,]+/;
  return header
    .split(separator)
    .filter((part) => part.startsWith(prefix))
    .map((part) => part.slice(prefix.length))
    .map((signature) => Buffer.from(encoding === 'hex' ? signature.toLowerCase() : signature));
}

function signatureOf(
  { algorithm, encoding }: HmacProfile,
  key: Uint8Array,
  signedPart: string,
  bytes: Uint8Array,
): Buffer {
  return Buffer.from(createHmac(algorithm, key).update(signedPart).update(bytes).digest(encoding));
}

const standardPrefix = 'whsec_';

/** A secret of Standard Webhooks is base64 after its prefix. All others are used as they are. */
function keyOf({ mode }: Authentication, secret: string): Uint8Array {
  const isStandard = mode === 'standard-webhooks' && secret.startsWith(standardPrefix);
  return isStandard ? Buffer.from(secret.slice(standardPrefix.length), 'base64') : Buffer.from(secret);
}

/** @param random 32 random bytes. */
export function secretFrom({ mode }: Authentication, random: Uint8Array): string {
  const bytes = Buffer.from(random);
  return mode === 'standard-webhooks' ? standardPrefix + bytes.toString('base64') : bytes.toString('base64url');
}

function isSame(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && timingSafeEqual(one, other);
}

/**
 * By which a repeated delivery is recognised. An id that the signature does not cover is not used: whoever recorded a
 * delivery could send it again with another id.
 */
export function identityOf(authentication: Authentication, { headers, bytes }: ArrivedDelivery): string {
  const profile = profileOf(authentication);
  const isSigned = profile?.signedString === 'id.ts.body';
  const names = profile === undefined ? idHeadersOfTokens : isSigned && profile.idHeader ? [profile.idHeader] : [];
  const id = names.map((name) => headers[name]).find((value) => value !== undefined && value !== '');
  return id === undefined
    ? `sha256:${createHash('sha256').update(bytes).digest('base64url')}`
    : `id:${createHash('sha256').update(id).digest('base64url')}`;
}

/** A sender with the token may choose any id. */
const idHeadersOfTokens = ['webhook-id', 'idempotency-key', 'x-amz-sns-message-id', 'x-atlassian-webhook-identifier'];
