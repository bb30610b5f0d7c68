import { blindIndex } from '../encryption/field-cipher.ts';
import { now } from '../runtime/clock.ts';
import { absent, type Expression } from '../table/expression.ts';
import { keys as tableKeys } from '../table/keys.ts';
import { tenantTable } from '../table/realm-table.ts';
import { type Tenant, findTenantById } from '../tenants/tenant-directory.ts';
import type { OpenTenant } from './account-store.ts';
import { hashOfSecret } from './one-time-secret.ts';

/** What a link in a mail stands for, under the hash of its token. */
export interface PasswordResetRecord {
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
/** The tenant's id, which says where the link's record is, and 256 bits. */
const pattern = /^([0-9A-Z]{26})[A-Za-z0-9_-]{43}$/;

/**
 * The token of the link for an event. Its secret is a keyed hash of the event's id, so that a mail that is sent a second
 * time carries the same link, and no secret has to be stored to achieve it.
 */
export function resetToken({ scope, keys }: OpenTenant, eventId: string): string {
  return `${scope.tenantId}${blindIndex(keys, 'password-reset', eventId)}`;
}

/** Makes the link good for 30 minutes from its first making. */
export async function openPasswordReset(
  { scope }: OpenTenant,
  userId: string,
  credentialsRevision: number,
  token: string,
): Promise<PasswordResetRecord> {
  const goodUntil = now() + linkLifeMs;
  const record: PasswordResetRecord = {
    userId,
    credentialsRevision,
    goodUntil,
    expiresAt: Math.ceil(goodUntil / 1000) + spareSeconds,
  };
  const outcome = await tenantTable(scope).put(resetKey(token), record, absent);
  return outcome.written ? record : (outcome.existing ?? record);
}

/** The reset that a token from a mail is for, with its tenant, if it can still be used. */
export async function findPasswordReset(
  token: string,
): Promise<{ readonly tenant: Tenant; readonly reset: PasswordResetRecord } | undefined> {
  const tenantId = pattern.exec(token)?.[1];
  const tenant = tenantId === undefined ? undefined : await findTenantById(tenantId);
  if (tenant === undefined) return undefined;
  const reset = await tenantTable(tenant.scope).get<PasswordResetRecord>(resetKey(token), { consistent: true });
  return reset === undefined || reset.usedAt !== undefined || reset.goodUntil <= now() ? undefined : { tenant, reset };
}

export function resetKey(token: string) {
  return tableKeys.passwordReset(hashOfSecret(token));
}

/** Marks a link as used. It is not deleted, so that the event that made it cannot make it again. */
export function usingReset(): { readonly change: Expression; readonly condition: Expression } {
  const at = now();
  return {
    change: { expression: 'SET #usedAt = :at', values: { at } },
    condition: { expression: 'attribute_not_exists(#usedAt) AND #goodUntil > :at', values: { at } },
  };
}
