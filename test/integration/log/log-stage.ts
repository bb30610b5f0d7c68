import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { build } from 'esbuild';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ulid } from 'ulid';
import { startEngine } from '../../../local/services/dynamodb/engine-process.ts';
import { readForward } from '../../../shared/features/log/log-store.ts';
import type { LogEntry } from '../../../shared/features/log/log-entry.ts';
import type { TenantKeys } from '../../../shared/core/encryption/data-keys.ts';
import { newTenantKeys } from '../../../shared/core/encryption/tenant-keys-test-builders.ts';
import { TenantScope } from '../../../shared/core/tenancy/tenant-scope.ts';
import { startCredentialsService, tenantRoleArn } from '../credentials.ts';
import { type EngineFault, type FaultyEngine, startFaultyEngine } from './faulty-engine.ts';
import { startWriters, type WriterPool } from './writer-pool.ts';

export interface LogStage {
  readonly tableName: string;
  readonly scope: TenantScope;
  readonly keys: TenantKeys;
  readonly writers: WriterPool;
  readonly faults: FaultyEngine['faults'];
  wholeLog(conversationId: string): Promise<readonly LogEntry[]>;
  stop(): Promise<void>;
}

export interface LogStageOptions {
  readonly writers: number;
  readonly script: string;
  readonly decide: () => EngineFault;
}

/** In memory, because the engine syncs every write to disk. */
const temporary = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();
const pageSize = 500;

/** Sets `process.env`, so only one stage can run at a time. */
export async function startLogStage({ writers: count, script, decide }: LogStageOptions): Promise<LogStage> {
  const directory = await mkdtemp(join(temporary, 'switchboard-log-'));
  const engine = await startEngine(directory, undefined);
  const tableName = 'log-under-faults';
  const sts = await startCredentialsService();
  const direct = {
    AWS_ENDPOINT_URL_DYNAMODB: `http://${engine.host}:${engine.port}`,
    AWS_ENDPOINT_URL_STS: sts.url,
    TENANT_ROLE_ARN: tenantRoleArn,
    TABLE_NAME: tableName,
  };
  Object.assign(process.env, direct, { AWS_REGION: 'local', AWS_ACCESS_KEY_ID: 'a', AWS_SECRET_ACCESS_KEY: 'b' });
  await createTable(tableName);
  const faulty = await startFaultyEngine(engine, decide);

  const tenantId = ulid();
  const scope = TenantScope.fromEnvelope({ tenantId });
  const keys = newTenantKeys();
  const environment = { ...process.env, AWS_ENDPOINT_URL_DYNAMODB: faulty.url, NODE_OPTIONS: '' };
  const writers = startWriters(await bundled(script, directory), count, environment, { tenantId, keys });
  return {
    ...{ tableName, scope, keys, writers, faults: faulty.faults },
    wholeLog: async (conversationId) => {
      const entries: LogEntry[] = [];
      for (;;) {
        const page = await readForward({ scope, conversationId }, entries.length, pageSize);
        if (page.length === 0) return entries;
        entries.push(...page);
      }
    },
    stop: async () => {
      await writers.stop();
      await faulty.stop();
      await sts.stop();
      await engine.stop();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

async function createTable(TableName: string): Promise<void> {
  const attributes = ['pk', 'sk'] as const;
  await new DynamoDBClient({}).send(
    new CreateTableCommand({
      TableName,
      BillingMode: 'PAY_PER_REQUEST',
      KeySchema: attributes.map((AttributeName, index) => ({ AttributeName, KeyType: index === 0 ? 'HASH' : 'RANGE' })),
      AttributeDefinitions: attributes.map((AttributeName) => ({ AttributeName, AttributeType: 'S' })),
    }),
  );
}

/** A bundle lets a killed writer be replaced quickly. */
async function bundled(script: string, directory: string): Promise<string> {
  const outfile = join(directory, 'writer.mjs');
  await build({
    entryPoints: [script],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    mainFields: ['module', 'main'],
    minify: true,
    banner: { js: "import{createRequire as makeRequire}from'node:module';const require=makeRequire(import.meta.url);" },
  });
  return outfile;
}
