import type { SeededBug } from './seeded-bug.ts';

const keyspace = 'shared/core/table/keyspace.test.ts';

/** Mistakes in what keeps tenants apart, and in what is stored for them. */
export const tableBugs: readonly SeededBug[] = [
  {
    name: 'an item is taken without a look at its prefix',
    file: 'shared/core/table/keyspace.ts',
    find: '  if (foreign) {',
    replaceBy: '  if (foreign && stored.pk === "") {',
    caughtBy: {
      file: keyspace,
      test: 'throws on items of another tenant, of a tenant whose id begins alike, and of the platform',
    },
  },
  {
    name: 'a prefix ends with the tenant’s id, and so begins like another’s',
    file: 'shared/core/table/keyspace.ts',
    find: '    !stored.pk.startsWith(keyspace.prefix) ||',
    replaceBy: '    !stored.pk.startsWith(keyspace.prefix.slice(0, -1)) ||',
    caughtBy: {
      file: keyspace,
      test: 'throws on items of another tenant, of a tenant whose id begins alike, and of the platform',
    },
  },
  {
    name: 'an item’s own attributes come after its key',
    file: 'shared/core/table/keyspace.ts',
    find: '  return { ...attributes, ...fullKey(keyspace, key) };',
    replaceBy: '  return { ...fullKey(keyspace, key), ...attributes } as StoredItem;',
    caughtBy: { file: keyspace, test: 'cannot be talked into another key by the item' },
  },
  {
    name: 'a cursor does not say which list it is of',
    file: 'shared/core/table/cursor.ts',
    find: 'if (ofList !== list || typeof until',
    replaceBy: 'if (typeof ofList !== typeof list || typeof until',
    caughtBy: { file: 'shared/core/table/cursor.test.ts', test: 'leads back to its position, in its list only' },
  },
  {
    name: 'a cursor is good for ever',
    file: 'shared/core/table/cursor.ts',
    find: ' || until < now()) return undefined;',
    replaceBy: ') return undefined;',
    caughtBy: { file: 'shared/core/table/cursor.test.ts', test: 'expires after a day' },
  },
  {
    name: 'bytes of a stream’s record are taken for text',
    file: 'shared/core/table/stream-record.ts',
    find: "  if (value.B !== undefined) return { B: Buffer.from(value.B, 'base64') };\n",
    replaceBy: '',
    caughtBy: {
      file: 'shared/core/table/stream-record.test.ts',
      test: 'reads an item as the table’s own reads give it, bytes included',
    },
  },
  {
    name: 'a ciphertext does not depend on its place',
    file: 'shared/core/encryption/field-cipher.ts',
    find: "|${place.map((part) => `${part.length}:${part}`).join('|')}`",
    replaceBy: '|${place.length}`',
    caughtBy: {
      file: 'shared/core/encryption/field-cipher.test.ts',
      test: 'does not decrypt at any other place, whatever the parts are joined to',
    },
  },
  {
    name: 'two places give the same bytes where their parts are joined',
    file: 'shared/core/encryption/field-cipher.ts',
    find: "place.map((part) => `${part.length}:${part}`).join('|')",
    replaceBy: "place.join('|')",
    caughtBy: {
      file: 'shared/core/encryption/field-cipher.test.ts',
      test: 'does not decrypt at any other place, whatever the parts are joined to',
    },
  },
];
