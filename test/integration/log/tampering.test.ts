import { DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { join } from 'node:path';
import { ulid } from 'ulid';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { firstTampering } from '../../../shared/features/log/log-verifier.ts';
import { type LogStage, startLogStage } from './log-stage.ts';

let stage: LogStage;

beforeAll(async () => {
  stage = await startLogStage({ writers: 1, script: join(import.meta.dirname, 'writer.ts'), decide: () => 'none' });
});

afterAll(() => stage.stop());

it('detects an entry that was changed in the table', async () => {
  const conversationId = ulid();
  for (let number = 0; number < 20; number += 1) {
    const request = { conversationId, senderId: 'alice', clientMessageId: ulid(), text: `${number}`, stale: false };
    expect(await stage.writers.send(request)).toMatchObject({ outcome: 'written', seq: number + 1 });
  }
  const before = await stage.wholeLog(conversationId);
  const victim = before[9];
  if (victim === undefined) throw new Error('The log has no tenth entry');
  await new DynamoDBClient({}).send(
    new PutItemCommand({
      TableName: stage.tableName,
      Item: {
        pk: { S: `${stage.scope.prefix}C#${conversationId}` },
        sk: { S: 'L#000000000010' },
        i: { S: victim.entryId },
        k: { S: 'm' },
        s: { S: 'mallory' },
        c: { S: victim.clientMessageId },
        t: { N: String(victim.createdAt) },
        d: { B: victim.digest },
        x: { B: victim.content },
        n: { N: String(victim.state.count) },
        h: { B: victim.hash },
      },
    }),
  );
  const owner = { keys: stage.keys, scope: stage.scope, conversationId };
  expect(firstTampering(owner, before)).toBeUndefined();
  expect(firstTampering(owner, await stage.wholeLog(conversationId))).toEqual({ seq: 10, reason: 'hash' });
});
