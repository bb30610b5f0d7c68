import type { SeededBug } from './seeded-bug.ts';

const keyspace = 'shared/core/table/keyspace.test.ts';

export const tableBugs: readonly SeededBug[] = [
  {
    name: 'the table accepts items without a check of their prefix',
    file: 'shared/core/table/keyspace.ts',
    find: '  if (foreign) {',
    replaceBy: '  if (foreign && stored.pk === "") {',
    caughtBy: {
      file: keyspace,
      test: 'throws on items of another tenant, of a tenant whose id has the same beginning, and of the platform',
    },
  },
  {
    name: 'a tenant’s prefix matches tenants whose ids begin with its id',
    file: 'shared/core/table/keyspace.ts',
    find: '    !stored.pk.startsWith(keyspace.prefix) ||',
    replaceBy: '    !stored.pk.startsWith(keyspace.prefix.slice(0, -1)) ||',
    caughtBy: {
      file: keyspace,
      test: 'throws on items of another tenant, of a tenant whose id has the same beginning, and of the platform',
    },
  },
  {
    name: 'attributes of an item overwrite its key',
    file: 'shared/core/table/keyspace.ts',
    find: '  return { ...attributes, ...fullKey(keyspace, key) };',
    replaceBy: '  return { ...fullKey(keyspace, key), ...attributes } as StoredItem;',
    caughtBy: { file: keyspace, test: 'ignores key attributes of the item' },
  },
  {
    name: 'a cursor works for every list',
    file: 'shared/core/table/cursor.ts',
    find: 'if (ofList !== list || typeof until',
    replaceBy: 'if (typeof ofList !== typeof list || typeof until',
    caughtBy: {
      file: 'shared/core/table/cursor.test.ts',
      test: 'decodes a cursor to its position, for its own list only',
    },
  },
  {
    name: 'a cursor never expires',
    file: 'shared/core/table/cursor.ts',
    find: ' || until < now()) return undefined;',
    replaceBy: ') return undefined;',
    caughtBy: { file: 'shared/core/table/cursor.test.ts', test: 'rejects a cursor after a day' },
  },
  {
    name: 'bytes of a stream record stay base64 text',
    file: 'shared/core/aws/attribute-values.ts',
    find: 'return bytesOf(value.B);',
    replaceBy: 'return value.B;',
    caughtBy: {
      file: 'shared/core/table/stream-record.test.ts',
      test: 'converts an item to the form of table reads, bytes included',
    },
  },
  {
    name: 'the path of a signed request is encoded once',
    file: 'shared/core/aws/signature.ts',
    find: "pathname.split('/').map(percentEncoded).join('/')",
    replaceBy: 'pathname',
    caughtBy: {
      file: 'shared/core/aws/signature.test.ts',
      test: 'signedHeaders > signs random requests as the SDK does',
    },
  },
  {
    name: 'a ciphertext is not bound to its field',
    file: 'shared/core/encryption/field-cipher.ts',
    find: "|${boundTo.map((part) => `${part.length}:${part}`).join('|')}`",
    replaceBy: '|${boundTo.length}`',
    caughtBy: {
      file: 'shared/core/encryption/field-cipher.test.ts',
      test: 'does not decrypt a value that is bound to other parts, even if they join to the same text',
    },
  },
  {
    name: 'two fields have the same associated data when their parts are joined',
    file: 'shared/core/encryption/field-cipher.ts',
    find: "boundTo.map((part) => `${part.length}:${part}`).join('|')",
    replaceBy: "boundTo.join('|')",
    caughtBy: {
      file: 'shared/core/encryption/field-cipher.test.ts',
      test: 'does not decrypt a value that is bound to other parts, even if they join to the same text',
    },
  },
];
