import type { DynamoDBRecord } from 'aws-lambda';
import { beforeAll, expect, it } from 'vitest';
import { itemChange } from './stream-record.ts';

const tenantId = '01J0000000000000000000000A';

beforeAll(() => {
  process.env['TABLE_NAME'] = 'table';
});

function recordOf(pk: string, image: Record<string, unknown>, eventName: DynamoDBRecord['eventName'] = 'INSERT') {
  const Keys = { pk: { S: pk }, sk: { S: 'L#000000000001' } };
  return { eventName, dynamodb: { Keys, NewImage: { ...Keys, ...image }, SequenceNumber: '7' } } as DynamoDBRecord;
}

it('converts an item to the form of table reads, bytes included', () => {
  const bytes = new Uint8Array([0, 255, 7]);
  const B = Buffer.from(bytes).toString('base64');
  const image = {
    h: { B },
    nested: { M: { inner: { L: [{ B }, { N: '5' }] } } },
  };
  const change = itemChange(recordOf(`T#${tenantId}#C#c`, image));
  expect(change).toMatchObject({ kind: 'insert', key: { pk: 'C#c', sk: 'L#000000000001' }, sequenceNumber: '7' });
  expect(change?.scope.tenantId).toBe(tenantId);
  expect(change?.item).toEqual({ pk: 'C#c', sk: 'L#000000000001', h: bytes, nested: { inner: [bytes, 5] } });
});

it('skips items that belong to no tenant', () => {
  expect(itemChange(recordOf('P#SLUG#demo', {}))).toBeUndefined();
});
