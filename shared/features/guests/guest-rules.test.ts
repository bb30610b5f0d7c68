import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ulidPattern } from '../../contract/schemas/ids.ts';
import { newTenantKeys } from '../../core/encryption/tenant-keys-test-builders.ts';
import { deviceIdOf } from './guest-id.ts';
import { changeGuest, type GuestProfileChange, type GuestRecord, openGuest } from './guest-record.ts';
import { readTransferCode, spellTransferCode } from './transfer-code-rules.ts';

describe('the id of a device', () => {
  it('has the form of a ULID for every value', () => {
    const keys = newTenantKeys();
    fc.assert(fc.property(fc.string(), (value) => ulidPattern.test(deviceIdOf(keys, 'guest-secret', value))));
  });

  it('is the same for the same device, and differs by value, kind and tenant', () => {
    const keys = newTenantKeys();
    const id = deviceIdOf(keys, 'guest-key', 'thumbprint');
    expect(deviceIdOf(keys, 'guest-key', 'thumbprint')).toBe(id);
    expect(deviceIdOf(keys, 'guest-key', 'Thumbprint')).not.toBe(id);
    expect(deviceIdOf(keys, 'guest-secret', 'thumbprint')).not.toBe(id);
    expect(deviceIdOf(newTenantKeys(), 'guest-key', 'thumbprint')).not.toBe(id);
  });

  it('contains the whole hash', () => {
    const keys = newTenantKeys();
    const ids = Array.from({ length: 400 }, (_, number) => deviceIdOf(keys, 'guest-key', String(number)));
    expect(new Set(ids).size).toBe(400);
    expect(new Set(ids.map((id) => id[0])).size).toBe(8);
    expect(new Set(ids.map((id) => id.at(-1))).size).toBe(32);
  });
});

describe('a code', () => {
  it('is read as it was spelt, in any case and with any separators', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 10, maxLength: 10 }), (bytes) => {
        const code = spellTransferCode(bytes);
        const letters = code.replace('-', '');
        expect(code).toMatch(/^[2-9A-HJ-NP-Z]{5}-[2-9A-HJ-NP-Z]{5}$/);
        expect(readTransferCode(code)).toBe(letters);
        expect(readTransferCode(` ${[...code.toLowerCase()].join(' ')} `)).toBe(letters);
      }),
    );
  });

  it('uses every letter equally often', () => {
    const all = Array.from({ length: 256 }, (_, byte) => spellTransferCode(new Uint8Array(10).fill(byte))[0]);
    const counts = [...new Set(all)].map((letter) => all.filter((each) => each === letter).length);
    expect(counts).toEqual(Array(32).fill(8));
  });

  it('is not read from another length or other letters', () => {
    for (const typed of [
      '',
      'ABCDE-FGHJ',
      'ABCDE-FGHJKL',
      'ABCDE-FGHJ0',
      'ABCDE-FGHJO',
      'ABCDE-FGHJ1',
      'ABCDE-FGHJI',
      'ÄBCDE-FGHJK',
    ]) {
      expect(readTransferCode(typed), typed).toBeUndefined();
    }
  });
});

describe('a guest’s profile', () => {
  const keys = newTenantKeys();
  const empty: GuestRecord = {
    guestId: 'g',
    keyId: '01KAJ7D3QK8M2P5S9V1X4Z6B8D',
    createdAt: 1,
    updatedAt: 1,
    revision: 1,
  };
  const change = (record: GuestRecord, wanted: GuestProfileChange) => changeGuest(keys, 'north', record, wanted, 2);

  it('has the given members, encrypted', () => {
    const record = change(empty, { name: 'Sam', language: 'de' });
    expect(Buffer.from(record.name ?? []).includes('Sam')).toBe(false);
    expect(openGuest(keys, 'north', record)).toEqual({
      ...{ id: 'g', tenantId: 'north', role: 'guest', name: 'Sam', language: 'de' },
      ...{ createdAt: '1970-01-01T00:00:00.001Z', updatedAt: '1970-01-01T00:00:00.002Z' },
    });
  });

  it('keeps members that a change omits, and removes those that it sets to null', () => {
    const record = change(change(empty, { name: 'Sam', phone: '117' }), { name: null, email: 'sam@people.test' });
    expect(openGuest(keys, 'north', record)).toMatchObject({ phone: '117', email: 'sam@people.test' });
    expect('name' in record).toBe(false);
    expect(record.revision).toBe(3);
  });

  it('is the same record when nothing differs', () => {
    const record = change(empty, { name: 'Sam' });
    expect(change(record, { name: 'Sam', email: null })).toBe(record);
  });

  it('does not open under another key, or as another guest’s', () => {
    const record = change(empty, { name: 'Sam' });
    expect(() => openGuest(newTenantKeys(), 'north', record)).toThrow();
    expect(() => openGuest(keys, 'north', { ...record, guestId: 'h' })).toThrow();
    expect(() => openGuest(keys, 'south', record)).toThrow();
  });
});
