import { type Guest, type GuestField, guestFields } from '../../contract/schemas/guest.ts';
import type { TenantKeys } from '../../core/encryption/data-keys.ts';
import { decryptField, encryptField } from '../../core/encryption/field-cipher.ts';
import { toTimestamp } from '../../core/runtime/clock.ts';

/** The optional profile of a guest. Each member is encrypted under the guest's own key. */
export interface GuestRecord {
  readonly guestId: string;
  /** Id of the key, a ULID. A profile that was erased gets another one. */
  readonly keyId: string;
  readonly name?: Uint8Array;
  readonly email?: Uint8Array;
  readonly phone?: Uint8Array;
  readonly language?: Uint8Array;
  /** The only devices that may sign in as the guest. Absent while every device of the guest may. */
  readonly onlyDevices?: readonly string[];
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
  readonly updatedAt: number;
  /** Counts changes. Each write requires the revision that it read, so that no concurrent change is lost. */
  readonly revision: number;
}

/** A change of a profile: `null` removes a member, and `undefined` keeps it. */
export type GuestProfileChange = { readonly [Field in GuestField]?: string | null | undefined };

type Sealed = Partial<Record<GuestField, Uint8Array>>;

/** Applies a change. @returns the record itself if nothing differs. */
export function changeGuest(
  keys: TenantKeys,
  tenantId: string,
  record: GuestRecord,
  change: GuestProfileChange,
  at: number,
): GuestRecord {
  const changed = guestFields.filter(
    (field) => change[field] !== undefined && (change[field] ?? undefined) !== openField(keys, tenantId, record, field),
  );
  if (changed.length === 0) return record;
  const { name, email, phone, language, ...rest } = record;
  const before = { name, email, phone, language };
  const sealed: Sealed = {};
  for (const field of guestFields) {
    const value = change[field];
    const kept = before[field];
    if (!changed.includes(field) && kept !== undefined) sealed[field] = kept;
    else if (changed.includes(field) && typeof value === 'string') {
      sealed[field] = encryptField(keys, associatedData(tenantId, record.guestId, field), value);
    }
  }
  return { ...rest, ...sealed, updatedAt: at, revision: record.revision + 1 };
}

export function openGuest(keys: TenantKeys, tenantId: string, record: GuestRecord): Guest {
  const members = guestFields.flatMap((field) => {
    const value = openField(keys, tenantId, record, field);
    return value === undefined ? [] : [[field, value] as const];
  });
  return {
    id: record.guestId,
    tenantId,
    role: 'guest',
    ...(Object.fromEntries(members) as Partial<Record<GuestField, string>>),
    createdAt: toTimestamp(record.createdAt),
    updatedAt: toTimestamp(record.updatedAt),
  };
}

function openField(keys: TenantKeys, tenantId: string, record: GuestRecord, field: GuestField): string | undefined {
  const value = record[field];
  return value && decryptField(keys, associatedData(tenantId, record.guestId, field), value);
}

function associatedData(tenantId: string, guestId: string, field: GuestField): readonly string[] {
  return [tenantId, guestId, 'guest', field];
}
