import { DecryptCommand, GenerateDataKeyWithoutPlaintextCommand } from '@aws-sdk/client-kms';
import { GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { accessControl } from '../../../local/iam/access-control.ts';
import { stsAccess } from '../../../local/iam/message-access.ts';
import { functionNames } from '../../../lib/functions/definitions.ts';
import { type FunctionGrants, grantsOf } from '../../../lib/functions/function-grants.ts';
import { dataKeyKey } from '../../../shared/core/table/keys.ts';
import { platformPrefix } from '../../../shared/core/table/schema.ts';
import { tenantPrefix } from '../../../shared/core/tenancy/tenant-scope.ts';
import { sampled } from '../../faults/scale.ts';
import type { TestRun } from '../harness.ts';
import { sharedTestRun } from '../shared-run.ts';
import { type Cast, castOf } from '../people.ts';
import { Tables } from '../system/tables.ts';
import { type Attempt, attempts, mixedAttempts } from './attempts.ts';
import { fileAttempts, type FileLocation, mixedFileAttempts, putObject } from './file-attempts.ts';
import { isDenied, openSession } from './sessions.ts';

// Calls the tables and the bucket directly. The policies must allow exactly the granted actions on the tenant's keys.
let test: TestRun;
let north: Cast;
let south: Cast;
let tables: Tables;

beforeAll(async () => {
  test = await sharedTestRun();
  north = await castOf(test, 'north');
  south = await castOf(test, 'south');
  tables = new Tables(test.run);
});
afterAll(() => test.stop());

const prefixOf = ({ alice }: Cast) => `${tenantPrefix}${alice.tenantId}#`;

function rolesOf(name: string) {
  const definition = test.run.functions.definitions.find((one) => one.name === `switchboard-dev-${name}`);
  if (definition === undefined) throw new Error(`There is no function ${name}`);
  return { own: definition.roleArn, tenant: definition.environment['TENANT_ROLE_ARN'] };
}

function tableOf(name: 'TableName' | 'KeysTableName'): string {
  return Object.values(test.run.assembly.outputs).flatMap((outputs) => outputs[name] ?? [])[0] ?? '';
}

function variableOf(variable: string): string {
  const values = test.run.functions.definitions.map(({ environment }) => environment[variable]);
  return values.find((value) => value !== undefined) ?? '';
}

function fileLocations(): Readonly<Record<'quarantine' | 'files', FileLocation>> {
  const common = { bucket: variableOf('FILES_BUCKET_NAME'), keyId: variableOf('FILES_KEY_ID') };
  return { quarantine: { ...common, prefix: 'quarantine/' }, files: { ...common, prefix: 't/' } };
}

async function fill(location: FileLocation): Promise<void> {
  const { url: endpoint, ownerCredentials: credentials } = test.run.aws;
  const owner = new S3Client({ endpoint, credentials, region: test.run.assembly.region, forcePathStyle: true });
  const ids = [north, south].map(({ alice }) => alice.tenantId);
  for (const tenantId of [...ids, `${ids[0]}A`]) await putObject(owner, location, tenantId, tenantId);
}

function isGranted(
  { needs }: Pick<Attempt, 'needs'>,
  actions: FunctionGrants['table'],
  indexes: FunctionGrants['indexes'],
): boolean {
  if (needs === 'index') return indexes !== undefined;
  return needs !== 'never' && (actions ?? []).includes(needs);
}

const withTenants = sampled(
  functionNames.filter((name) => name !== 'health'),
  6,
);

describe.each(withTenants)('%s, for one tenant', (name) => {
  const { table, indexes } = grantsOf(name);

  it('may use its grants on that tenant’s items, and on no others', async () => {
    const { table: client } = await openSession(test.run, rolesOf(name).tenant ?? '', north.alice.tenantId);
    const before = await tables.dump(({ pk }) => pk.startsWith(prefixOf(south)));
    const outcomes: string[] = [];
    const expected: string[] = [];
    const almost = `${tenantPrefix}${north.alice.tenantId}`;
    for (const prefix of [prefixOf(north), prefixOf(south), `${almost}A#`, almost, platformPrefix, tenantPrefix, '']) {
      for (const attempt of attempts) {
        const allowed = prefix === prefixOf(north) && isGranted(attempt, table, indexes);
        const denied = await isDenied(attempt.run(client, tableOf('TableName'), prefix));
        outcomes.push(`${attempt.name} ${prefix}: ${denied ? 'denied' : 'let through'}`);
        expected.push(`${attempt.name} ${prefix}: ${allowed ? 'let through' : 'denied'}`);
      }
    }
    expect(outcomes).toEqual(expected);
    expect(await tables.dump(({ pk }) => pk.startsWith(prefixOf(south)))).toEqual(before);
  });

  it('is denied a whole call when one of several keys is foreign', async () => {
    const { table: client } = await openSession(test.run, rolesOf(name).tenant ?? '', north.alice.tenantId);
    for (const { name: what, run } of mixedAttempts) {
      expect(await isDenied(run(client, tableOf('TableName'), prefixOf(north), prefixOf(south))), what).toBe(true);
    }
  });

  it('reaches no tenant’s items in a session without a tenant', async () => {
    const { table: client } = await openSession(test.run, rolesOf(name).tenant ?? '', undefined);
    for (const { name: what, run } of attempts) {
      for (const prefix of [prefixOf(north), `${tenantPrefix}#`, tenantPrefix, platformPrefix]) {
        expect(await isDenied(run(client, tableOf('TableName'), prefix)), `${what} ${prefix}`).toBe(true);
      }
    }
  });

  it('cannot unwrap or create another tenant’s data key', async () => {
    const { keysTable = [], dataKey = [] } = grantsOf(name);
    const session = await openSession(test.run, rolesOf(name).tenant ?? '', north.alice.tenantId);
    const { sk, pk } = dataKeyKey(1);
    const TableName = tableOf('KeysTableName');
    for (const [cast, own] of [
      [north, true],
      [south, false],
    ] as const) {
      const key = { pk: { S: prefixOf(cast) + pk }, sk: { S: sk } };
      const tenant = cast.alice.tenantId;
      const get = session.table.send(new GetItemCommand({ TableName, Key: key }));
      expect(await isDenied(get), `get ${own}`).toBe(!(own && keysTable.includes('GetItem')));
      const put = session.table.send(
        new PutItemCommand({ TableName, Item: key, ConditionExpression: 'attribute_not_exists(pk)' }),
      );
      expect(await isDenied(put), `put ${own}`).toBe(!(own && keysTable.includes('PutItem')));

      const stored = (await tables.items()).find((item) => item.pk === key.pk.S && item.sk === sk);
      const CiphertextBlob = stored?.['wrapped'] as Uint8Array;
      const KeyId = variableOf('DATA_KEY_ID');
      for (const EncryptionContext of [{ tenant }, undefined]) {
        const decrypt = session.kms.send(new DecryptCommand({ KeyId, CiphertextBlob, EncryptionContext }));
        const mayDecrypt = own && EncryptionContext !== undefined && dataKey.includes('Decrypt');
        expect(await isDenied(decrypt), `decrypt ${own}`).toBe(!mayDecrypt);
        const generate = new GenerateDataKeyWithoutPlaintextCommand({
          KeyId,
          KeySpec: 'AES_256',
          EncryptionContext,
        });
        const mayGenerate =
          own && EncryptionContext !== undefined && dataKey.includes('GenerateDataKeyWithoutPlaintext');
        expect(await isDenied(session.kms.send(generate)), `generate ${own}`).toBe(!mayGenerate);
      }
    }
  });
});

describe.each(withTenants)('%s, on the files of one tenant', (name) => {
  const { files = [] } = grantsOf(name);

  it('may use its grants under that tenant’s keys and in its name, and nowhere else', async () => {
    const { files: client } = await openSession(test.run, rolesOf(name).tenant ?? '', north.alice.tenantId);
    const [own, foreign] = [north.alice.tenantId, south.alice.tenantId];
    const outcomes: string[] = [];
    const expected: string[] = [];
    for (const [right, location] of Object.entries(fileLocations())) {
      await fill(location);
      for (const tenantId of [own, foreign, `${own}A`]) {
        for (const { name: what, needs, run } of fileAttempts) {
          const allowed = tenantId === own && (files as readonly string[]).includes(`${right} ${needs}`);
          const denied = await isDenied(run(client, location, tenantId));
          outcomes.push(`${what} ${location.prefix}${tenantId}: ${denied ? 'denied' : 'let through'}`);
          expected.push(`${what} ${location.prefix}${tenantId}: ${allowed ? 'let through' : 'denied'}`);
        }
      }
      for (const { name: what, run } of mixedFileAttempts) {
        expect(await isDenied(run(client, location, own, foreign)), `${what} ${location.prefix}`).toBe(true);
      }
    }
    expect(outcomes).toEqual(expected);
  });
});

describe.each(functionNames)('%s, as itself', (name) => {
  const { platformTable, platformIndexes } = grantsOf(name);

  it('may use its grants on platform items, and on no tenant’s items', async () => {
    const { table: client } = await openSession(test.run, rolesOf(name).own, undefined);
    const outcomes: string[] = [];
    const expected: string[] = [];
    for (const prefix of [platformPrefix, prefixOf(north), tenantPrefix, '']) {
      for (const attempt of attempts) {
        const allowed = prefix === platformPrefix && isGranted(attempt, platformTable, platformIndexes);
        const denied = await isDenied(attempt.run(client, tableOf('TableName'), prefix));
        outcomes.push(`${attempt.name} ${prefix}: ${denied ? 'denied' : 'let through'}`);
        expected.push(`${attempt.name} ${prefix}: ${allowed ? 'let through' : 'denied'}`);
      }
    }
    expect(outcomes).toEqual(expected);
  });

  it('can assume only its own tenant role, and only for one named tenant', () => {
    const control = accessControl(test.run.assembly);
    const identity = { roleArn: rolesOf(name).own, sessionName: name };
    const mayAssume = (roleArn: string, tags: Readonly<Record<string, string>>): boolean => {
      const input: Record<string, string> = { Action: 'AssumeRole', RoleArn: roleArn, RoleSessionName: 'x' };
      Object.entries(tags).forEach(([key, value], index) => {
        input[`Tags.member.${index + 1}.Key`] = key;
        input[`Tags.member.${index + 1}.Value`] = value;
      });
      const { requests } = stsAccess({
        operation: 'AssumeRole',
        method: 'POST',
        path: '/',
        query: new URLSearchParams(),
        headers: {},
        input,
      });
      return requests.every((request) => control.decideOnRole(identity, request).allowed);
    };
    const tenant = north.alice.tenantId;
    for (const other of withTenants) {
      const role = rolesOf(other).tenant ?? '';
      expect(mayAssume(role, { tenant }), other).toBe(other === name);
      for (const tags of [
        {},
        { tenant: '' },
        { tenant: 'T' },
        { tenant: `${tenant}x` },
        { tenant, more: 'x' },
        { other: tenant },
      ]) {
        expect(mayAssume(role, tags as Record<string, string>), JSON.stringify(tags)).toBe(false);
      }
    }
    for (const other of functionNames) expect(mayAssume(rolesOf(other).own, { tenant }), other).toBe(false);
  });
});
