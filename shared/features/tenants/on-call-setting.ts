import * as z from 'zod/mini';
import type { OnCall } from '../../contract/schemas/on-call.ts';
import { type TenantKeys, tenantKeys } from '../../core/encryption/data-keys.ts';
import { decryptField, encryptField } from '../../core/encryption/field-cipher.ts';
import type { TenantScope } from '../../core/tenancy/tenant-scope.ts';

/** The stored form. Addresses are contact data, so they are encrypted. */
export const storedOnCall = z.object({
  userIds: z.array(z.string()),
  sealedEmails: z.optional(z.custom<Uint8Array>((value) => value instanceof Uint8Array)),
});
export type StoredOnCall = z.infer<typeof storedOnCall>;

const addresses = z.array(z.string());

export function sealOnCall(keys: TenantKeys, { tenantId }: TenantScope, { userIds, emails }: OnCall): StoredOnCall {
  if (emails.length === 0) return { userIds };
  return { userIds, sealedEmails: encryptField(keys, boundTo(tenantId), JSON.stringify(emails)) };
}

export async function openOnCall(scope: TenantScope, { userIds, sealedEmails }: StoredOnCall): Promise<OnCall> {
  if (sealedEmails === undefined) return { userIds, emails: [] };
  const emails = decryptField(await tenantKeys(scope), boundTo(scope.tenantId), sealedEmails);
  return { userIds, emails: addresses.parse(JSON.parse(emails)) };
}

function boundTo(tenantId: string): readonly string[] {
  return [tenantId, 'settings', 'onCall'];
}
