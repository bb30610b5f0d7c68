import { blindIndex } from '../../core/encryption/field-cipher.ts';
import { now } from '../../core/runtime/clock.ts';
import { absent, type Expression } from '../../core/table/expression.ts';
import { type Key, keys as tableKeys } from '../../core/table/keys.ts';
import { tenantTable } from '../../core/table/scoped-table.ts';
import { type Tenant, findTenantById } from '../tenants/tenant-directory.ts';
import type { OpenTenant } from './account-store.ts';
import { hashOfSecret } from './one-time-secret.ts';

interface LinkSubjects {
  'password-reset': {
    readonly userId: string;
    /** A newer password invalidates the link. */
    readonly credentialsRevision: number;
  };
  'email-verification': {
    /** Of an account or a registration. */
    readonly userId: string;
    /** Keyed. A change of the address invalidates the link. */
    readonly addressHash: string;
  };
}
export type LinkPurpose = keyof LinkSubjects;

/** Stored under the hash of the token. */
export type LinkRecord<Purpose extends LinkPurpose> = LinkSubjects[Purpose] & {
  /** Milliseconds since the epoch. */
  readonly goodUntil: number;
  readonly usedAt?: number;
  /** Seconds since the epoch. */
  readonly expiresAt: number;
};

const minute = 60 * 1000;

/** Counted from the link's first mail. */
export const linkLifeMs: Readonly<Record<LinkPurpose, number>> = {
  'password-reset': 30 * minute,
  'email-verification': 24 * 60 * minute,
};

/** Longer than events are redelivered. */
const spareSeconds = 24 * 60 * 60;
/** Tenant's id, then 256 bits in base64url. */
const pattern = /^([0-9A-Z]{26})[A-Za-z0-9_-]{43}$/;

/** The secret is a keyed hash of the event's id, so that a mail that is sent twice has the same link. */
export function linkToken({ scope, keys }: OpenTenant, purpose: LinkPurpose, eventId: string): string {
  return `${scope.tenantId}${blindIndex(keys, purpose, eventId)}`;
}

/** Returns the stored record. The validity begins at the first call. */
export async function openLink<const Purpose extends LinkPurpose>(
  { scope }: OpenTenant,
  purpose: Purpose,
  subject: LinkSubjects[Purpose],
  token: string,
): Promise<LinkRecord<Purpose>> {
  const goodUntil = now() + linkLifeMs[purpose];
  const record = { ...subject, goodUntil, expiresAt: Math.ceil(goodUntil / 1000) + spareSeconds };
  const outcome = await tenantTable(scope).put<LinkRecord<Purpose>>(linkKey(purpose, token), record, absent);
  return outcome.written ? record : (outcome.existing ?? record);
}

/** Undefined if the link is no longer valid. */
export async function findLink<const Purpose extends LinkPurpose>(
  purpose: Purpose,
  token: string,
): Promise<{ readonly tenant: Tenant; readonly link: LinkRecord<Purpose> } | undefined> {
  const tenantId = pattern.exec(token)?.[1];
  const tenant = tenantId === undefined ? undefined : await findTenantById(tenantId);
  if (tenant === undefined) return undefined;
  const key = linkKey(purpose, token);
  const link = await tenantTable(tenant.scope).get<LinkRecord<Purpose>>(key, { consistent: true });
  return link === undefined || !isUsable(link) ? undefined : { tenant, link };
}

export function isUsable({ usedAt, goodUntil }: Pick<LinkRecord<LinkPurpose>, 'usedAt' | 'goodUntil'>): boolean {
  return usedAt === undefined && goodUntil > now();
}

export function linkKey(purpose: LinkPurpose, token: string): Key {
  const hash = hashOfSecret(token);
  return purpose === 'password-reset' ? tableKeys.passwordReset(hash) : tableKeys.emailVerification(hash);
}

/** The record stays, so that a redelivered event cannot activate the link again. */
export function usingLink(): { readonly change: Expression; readonly condition: Expression } {
  const at = now();
  return {
    change: { expression: 'SET #usedAt = :at', values: { at } },
    condition: { expression: 'attribute_not_exists(#usedAt) AND #goodUntil > :at', values: { at } },
  };
}
