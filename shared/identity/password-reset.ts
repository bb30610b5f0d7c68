import type { TenantKeys } from '../encryption/data-keys.ts';
import { blindIndex } from '../encryption/field-cipher.ts';
import { now } from '../runtime/clock.ts';
import { absent, type Expression } from '../table/expression.ts';
import { platformKeys } from '../table/keys.ts';
import { platformTable } from '../table/realm-table.ts';
import type { OpenTenant } from './account-store.ts';
import { hashOfSecret } from './one-time-secret.ts';

/** What a link in a mail stands for, under the hash of its secret: read before the tenant is known. */
export interface PasswordResetRecord {
  readonly tenantId: string;
  readonly userId: string;
  /** The password that the link may replace: a newer one makes the link void. */
  readonly credentialsRevision: number;
  /** Milliseconds since the epoch. */
  readonly goodUntil: number;
  readonly usedAt?: number;
  /** Seconds, for the table's deletion. */
  readonly expiresAt: number;
}

const linkLifeMs = 30 * 60 * 1000;
/** An event comes again for hours at most; until then its record has to be known. */
const spareSeconds = 24 * 60 * 60;
const pattern = /^[A-Za-z0-9_-]{43}$/;

/**
 * The secret of the link for an event: a keyed hash of the event's id, so that a mail that is sent a second time carries
 * the same link, and no secret has to be stored to achieve it.
 */
export function resetSecret(keys: TenantKeys, eventId: string): string {
  return blindIndex(keys, 'password-reset', eventId);
}

/** Makes the link good for 30 minutes from its first making. */
export async function openPasswordReset(
  { scope }: OpenTenant,
  userId: string,
  credentialsRevision: number,
  secret: string,
): Promise<PasswordResetRecord> {
  const goodUntil = now() + linkLifeMs;
  const record: PasswordResetRecord = {
    tenantId: scope.tenantId,
    userId,
    credentialsRevision,
    goodUntil,
    expiresAt: Math.ceil(goodUntil / 1000) + spareSeconds,
  };
  const outcome = await platformTable().put(platformKeys.passwordReset(hashOfSecret(secret)), record, absent);
  return outcome.written ? record : (outcome.existing ?? record);
}

/** The reset that a token from a mail is for, if it can still be used. */
export async function findPasswordReset(token: string): Promise<PasswordResetRecord | undefined> {
  if (!pattern.test(token)) return undefined;
  const record = await platformTable().get<PasswordResetRecord>(resetKey(token), { consistent: true });
  return record === undefined || record.usedAt !== undefined || record.goodUntil <= now() ? undefined : record;
}

export function resetKey(token: string) {
  return platformKeys.passwordReset(hashOfSecret(token));
}

/** Marks a link as used. It is not deleted, so that the event that made it cannot make it again. */
export function usingReset(): { readonly change: Expression; readonly condition: Expression } {
  const at = now();
  return {
    change: { expression: 'SET #usedAt = :at', values: { at } },
    condition: { expression: 'attribute_not_exists(#usedAt) AND #goodUntil > :at', values: { at } },
  };
}
