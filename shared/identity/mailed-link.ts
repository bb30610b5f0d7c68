import { blindIndex } from '../encryption/field-cipher.ts';
import { now } from '../runtime/clock.ts';
import { absent, type Expression } from '../table/expression.ts';
import { type Key, keys as tableKeys } from '../table/keys.ts';
import { tenantTable } from '../table/realm-table.ts';
import { type Tenant, findTenantById } from '../tenants/tenant-directory.ts';
import type { OpenTenant } from './account-store.ts';
import { hashOfSecret } from './one-time-secret.ts';

/** What a link in a mail is for, and what its record has to know for that. */
interface LinkSubjects {
  'password-reset': {
    readonly userId: string;
    /** The password that the link may replace: a newer one makes the link void. */
    readonly credentialsRevision: number;
  };
  'email-verification': {
    /** Of an account, or of a registration that becomes one. */
    readonly userId: string;
    /** Keyed hash of the address that the link was sent to: another address makes the link void. */
    readonly addressHash: string;
  };
}
export type LinkPurpose = keyof LinkSubjects;

/** What a link stands for, under the hash of its token. */
export type LinkRecord<Purpose extends LinkPurpose> = LinkSubjects[Purpose] & {
  /** Milliseconds since the epoch. */
  readonly goodUntil: number;
  readonly usedAt?: number;
  /** Seconds, for the table's deletion. */
  readonly expiresAt: number;
};

const minute = 60 * 1000;

/** How long a link works, in milliseconds from its first mail. */
export const linkLifeMs: Readonly<Record<LinkPurpose, number>> = {
  'password-reset': 30 * minute,
  'email-verification': 24 * 60 * minute,
};

/** An event comes again for hours at most; until then its record has to be known. */
const spareSeconds = 24 * 60 * 60;
/** The tenant's id, which says where the link's record is, and 256 bits. */
const pattern = /^([0-9A-Z]{26})[A-Za-z0-9_-]{43}$/;

/**
 * The token of the link for an event. Its secret is a keyed hash of the event's id, so that a mail that is sent a second
 * time carries the same link, and no secret has to be stored to achieve it.
 */
export function linkToken({ scope, keys }: OpenTenant, purpose: LinkPurpose, eventId: string): string {
  return `${scope.tenantId}${blindIndex(keys, purpose, eventId)}`;
}

/** Makes the link good, for its life from the first time that this is called. Answers with what is stored. */
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

/** The link of a token from a mail, with its tenant, if it can still be used. */
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

/** Whether a link was not used and is in time. */
export function isUsable({ usedAt, goodUntil }: Pick<LinkRecord<LinkPurpose>, 'usedAt' | 'goodUntil'>): boolean {
  return usedAt === undefined && goodUntil > now();
}

export function linkKey(purpose: LinkPurpose, token: string): Key {
  const hash = hashOfSecret(token);
  return purpose === 'password-reset' ? tableKeys.passwordReset(hash) : tableKeys.emailVerification(hash);
}

/** Marks a link as used. It is not deleted, so that the event that made it cannot make it again. */
export function usingLink(): { readonly change: Expression; readonly condition: Expression } {
  const at = now();
  return {
    change: { expression: 'SET #usedAt = :at', values: { at } },
    condition: { expression: 'attribute_not_exists(#usedAt) AND #goodUntil > :at', values: { at } },
  };
}
