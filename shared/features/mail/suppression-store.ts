import type { MailKind, SuppressionReason } from '../../contract/schemas/suppression.ts';
import { type TenantKeys, tenantKeys } from '../../core/encryption/data-keys.ts';
import { blindIndex, decryptField, encryptField } from '../../core/encryption/field-cipher.ts';
import { now } from '../../core/runtime/clock.ts';
import { absent, present } from '../../core/table/expression.ts';
import { keys as tableKeys, suppressionKeys } from '../../core/table/keys.ts';
import { tenantTable } from '../../core/table/scoped-table.ts';
import { unitOfWork } from '../../core/table/unit-of-work.ts';
import type { TenantScope } from '../../core/tenancy/tenant-scope.ts';

/** Stored under the keyed hash of the address. */
export interface SuppressionItem {
  readonly reason: SuppressionReason;
  /** Of the mail that bounced or led to the complaint. */
  readonly kind: MailKind;
  /** Milliseconds since the epoch. */
  readonly since: number;
  /** The encrypted address. Absent if the recipient unsubscribed, or the person was erased. */
  readonly address?: Uint8Array;
}

export interface Feedback {
  readonly reason: Exclude<SuppressionReason, 'unsubscribed'>;
  readonly kind: MailKind;
  readonly address: string;
  /** The same at every delivery. */
  readonly feedbackId: string;
}

/** Longer than a queue and its dead-letter queue keep an event (14 days at most). */
const rememberedSeconds = 15 * 24 * 60 * 60;

/** Ignores case, because a server may answer with another spelling of the address. */
export function addressHash(keys: TenantKeys, address: string): string {
  return blindIndex(keys, 'mail-address', address.toLowerCase());
}

export async function isSuppressed(scope: TenantScope, address: string): Promise<boolean> {
  const key = suppressionKeys.suppression(addressHash(await tenantKeys(scope), address));
  return (await tenantTable(scope).get(key, { consistent: true })) !== undefined;
}

/** A repeated event changes nothing, also after an admin has deleted the suppression. */
export async function suppress(scope: TenantScope, { reason, kind, address, feedbackId }: Feedback): Promise<void> {
  const keys = await tenantKeys(scope);
  const hash = addressHash(keys, address);
  const item: SuppressionItem = { reason, kind, since: now(), address: sealAddress(keys, scope, hash, address) };
  const handled = tableKeys.handledEvent(`mail-feedback#${hash}`, feedbackId);
  await unitOfWork(scope)
    .put('handled', handled, { handledAt: now(), expiresAt: Math.ceil(now() / 1000) + rememberedSeconds }, absent)
    .put('suppression', suppressionKeys.suppression(hash), item)
    .commit();
}

/** The recipient of mails to a guest or customer wants no more of them. An earlier suppression stays. */
export async function unsubscribeAddress(scope: TenantScope, hash: string): Promise<void> {
  const item: SuppressionItem = { reason: 'unsubscribed', kind: 'answer', since: now() };
  await tenantTable(scope).put(suppressionKeys.suppression(hash), item, absent);
}

/** @returns false if there is no such suppression. */
export async function deleteStored(scope: TenantScope, hash: string): Promise<boolean> {
  const outcome = await unitOfWork(scope).delete('suppression', suppressionKeys.suppression(hash), present).commit();
  return outcome.committed;
}

/** The hash stays, so that the address gets no mail. */
export async function forgetAddress(scope: TenantScope, address: string): Promise<void> {
  const key = suppressionKeys.suppression(addressHash(await tenantKeys(scope), address));
  await tenantTable(scope).update(key, { expression: 'REMOVE #address' }, present);
}

export function openAddress(
  keys: TenantKeys,
  scope: TenantScope,
  hash: string,
  { address }: SuppressionItem,
): string | undefined {
  return address && decryptField(keys, boundTo(scope, hash), address);
}

function sealAddress(keys: TenantKeys, scope: TenantScope, hash: string, address: string): Uint8Array {
  return encryptField(keys, boundTo(scope, hash), address);
}

function boundTo({ tenantId }: TenantScope, hash: string): readonly string[] {
  return [tenantId, 'suppression', hash, 'address'];
}
