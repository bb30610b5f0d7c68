import type { TenantKeys } from '../../core/encryption/data-keys.ts';
import { blindIndex } from '../../core/encryption/field-cipher.ts';
import { newId } from '../../core/runtime/ids.ts';
import { absent } from '../../core/table/expression.ts';
import { keys as tableKeys } from '../../core/table/keys.ts';
import { tenantTable } from '../../core/table/scoped-table.ts';
import type { TenantScope } from '../../core/tenancy/tenant-scope.ts';

interface UsedRecord {
  /** Identifies the use, because the SDK repeats a write whose answer was lost. */
  readonly use: string;
  /** Seconds since the epoch, for the table's time to live. */
  readonly expiresAt: number;
}

/** Added to the life of the value, because clocks of execution environments differ. */
const spareSeconds = 60;

/**
 * Records the use of a value that works once. Of concurrent uses, one succeeds.
 * @param goodUntil the time, in milliseconds since the epoch, after which the value is rejected anyway.
 * @returns false if the value was used before.
 */
export async function useOnce(
  { scope, keys }: { readonly scope: TenantScope; readonly keys: TenantKeys },
  purpose: 'guest-proof' | 'guest-work',
  value: string,
  goodUntil: number,
): Promise<boolean> {
  const record: UsedRecord = { use: newId(), expiresAt: Math.ceil(goodUntil / 1000) + spareSeconds };
  const hash = blindIndex(keys, `used-${purpose}`, value);
  const outcome = await tenantTable(scope).put(tableKeys.usedOnce(hash), record, absent);
  return outcome.written || outcome.existing?.use === record.use;
}
