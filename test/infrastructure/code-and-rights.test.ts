import { describe, expect, it } from 'vitest';
import { functionDefinitions, functionNames } from '../../lib/functions/definitions.ts';
import type { FunctionDefinition } from '../../lib/functions/function-definition.ts';
import { worksForTenants } from '../../lib/functions/tenant-role.ts';
import { CodeReader } from './reached-code.ts';

const reader = new CodeReader(functionNames);
const cases = functionNames.map((name) => {
  const definition: FunctionDefinition = functionDefinitions[name];
  return { name, definition, code: reader.reach(name) };
});
const sorted = (names: Iterable<string> | undefined) => [...(names ?? [])].sort();

/** The IAM actions of commands whose names differ from them. */
const commandRights = {
  Decrypt: 'dataKey Decrypt',
  DescribeKey: 'describe dataKey',
  AssumeRole: 'tenant role',
  GenerateDataKeyWithoutPlaintext: 'dataKey GenerateDataKeyWithoutPlaintext',
  Sign: 'key Sign',
  GetPublicKey: 'key GetPublicKey',
  PostToConnection: 'sockets POST',
  DeleteConnection: 'sockets DELETE',
  PutEvents: 'events',
  SendEmail: 'mail',
  GetObject: 'objects GetObject',
  PutObject: 'objects PutObject',
  DeleteObject: 'objects DeleteObject',
  ListObjectsV2: 'objects ListBucket',
} as const satisfies Record<string, string>;

function rightOf(command: string): string {
  const right: string | undefined = commandRights[command as keyof typeof commandRights];
  if (right === undefined)
    throw new Error(`Which right does ${command} need? Say so in this test and in lib/functions`);
  return right;
}

function rightsOf(definition: FunctionDefinition): string[] {
  const { dataKey, describesDataKey, signingKey, sockets, files, records, recordsKey, publishesEvents, sendsMail } =
    definition;
  return [
    ...(worksForTenants(definition) ? ['tenant role'] : []),
    ...(describesDataKey ? ['describe dataKey'] : []),
    ...(dataKey ?? []).map((action) => `dataKey ${action}`),
    // The integration tests under IAM check their keys and objects.
    ...new Set([...(signingKey ?? []), ...(recordsKey ?? [])].map((action) => `key ${action}`)),
    ...(sockets ?? []).map((method) => `sockets ${method}`),
    ...new Set((files ?? []).map((right) => `objects ${right.split(' ')[1]}`)),
    ...(records ?? []).map((action) => `objects ${action}`),
    ...(publishesEvents ? ['events'] : []),
    ...(sendsMail ? ['mail'] : []),
  ].sort();
}

describe('the definition of a function', () => {
  it.each(cases)('$name grants exactly the table operations that the code reaches', ({ code, definition }) => {
    expect(sorted(definition.table)).toEqual(sorted(code.table));
    expect(definition.indexes !== undefined).toBe(code.queriesIndex);
  });

  it.each(cases)(
    '$name grants exactly the operations on platform items that the code reaches',
    ({ code, definition }) => {
      expect(sorted(definition.platformTable)).toEqual(sorted(code.platformTable));
      expect(definition.platformIndexes !== undefined).toBe(code.queriesPlatformIndex);
    },
  );

  it.each(cases)('$name grants exactly the operations on data keys that the code reaches', ({ code, definition }) => {
    expect(sorted(definition.keysTable)).toEqual(sorted(code.keysTable));
  });

  it.each(cases)('$name grants exactly the AWS commands that the code reaches', ({ code, definition }) => {
    expect(rightsOf(definition)).toEqual([...code.commands].map(rightOf).sort());
  });

  it.each(cases)('$name has exactly the other settings that the code reads', ({ code, definition }) => {
    const given = ['functionName', 'ownCredentials', 'stagePrefix'];
    const brought = [
      'tableName',
      'keysTableName',
      'dataKeyId',
      'signingKeyIds',
      'tenantRoleArn',
      'socketEndpoint',
      'eventBusName',
      'filesBucketName',
      'filesKeyId',
      'recordsBucketName',
      'recordsKeyId',
      'mailFrom',
    ];
    const wanted = sorted(code.configuration).filter((name) => !given.includes(name) && !brought.includes(name));
    expect(sorted(definition.environment)).toEqual(wanted);
  });
});

describe('reachedCode', () => {
  it('follows use cases, units of work and handlers passed by name', () => {
    const { code } = cases.find(({ name }) => name === 'conversations') ?? {};
    // The unit of work that creates a conversation is three calls away from the handler.
    expect(sorted(code?.table)).toContain('ConditionCheckItem');
    expect(sorted(code?.commands)).toContain('PostToConnection');
  });

  it('distinguishes the table of data keys from the main table', () => {
    const { code } = cases.find(({ name }) => name === 'provision') ?? {};
    expect(sorted(code?.keysTable)).toEqual(['GetItem', 'PutItem']);
  });
});
