import { Match } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { keysTableSchema, tableSchema } from '../../shared/table/schema.ts';
import { projectContext } from './project-context.ts';
import { asText, type Resource, synthesiseStage } from './synthesised-stage.ts';

const dev = synthesiseStage('dev');
const prod = synthesiseStage('prod');
const tableType = 'AWS::DynamoDB::GlobalTable';

function tableOf(stage: typeof dev, name: 'Table' | 'KeysTable'): Resource {
  const logicalId = name === 'Table' ? /^data\/Table[0-9A-F]{8}$/ : /^data\/KeysTable[0-9A-F]{8}$/;
  const found = Object.entries(stage.ofType(tableType)).find(([id]) => logicalId.test(id));
  if (found === undefined) throw new Error(`No table ${name}`);
  return found[1];
}

function replicaOf(table: Resource): Record<string, unknown> {
  return (table.Properties['Replicas'] as Record<string, unknown>[])[0] ?? {};
}

describe('the tables', () => {
  it('have the keys, the index, the expiry and the stream that the code uses', () => {
    const { Properties } = tableOf(dev, 'Table');
    expect(Properties['KeySchema']).toEqual([
      { AttributeName: tableSchema.partitionKey, KeyType: 'HASH' },
      { AttributeName: tableSchema.sortKey, KeyType: 'RANGE' },
    ]);
    const { collection } = tableSchema.indexes;
    expect(Properties['GlobalSecondaryIndexes']).toEqual([
      {
        IndexName: collection.name,
        KeySchema: [
          { AttributeName: collection.partitionKey, KeyType: 'HASH' },
          { AttributeName: collection.sortKey, KeyType: 'RANGE' },
        ],
        Projection: { ProjectionType: 'ALL' },
      },
    ]);
    expect(Properties['TimeToLiveSpecification']).toEqual({ AttributeName: tableSchema.timeToLive, Enabled: true });
    expect(Properties['StreamSpecification']).toEqual({ StreamViewType: 'NEW_AND_OLD_IMAGES' });
    expect(tableOf(dev, 'KeysTable').Properties['KeySchema']).toEqual([
      { AttributeName: keysTableSchema.partitionKey, KeyType: 'HASH' },
      { AttributeName: keysTableSchema.sortKey, KeyType: 'RANGE' },
    ]);
  });

  it('have no price while nobody uses them', () => {
    for (const name of ['Table', 'KeysTable'] as const) {
      expect(tableOf(prod, name).Properties['BillingMode']).toBe('PAY_PER_REQUEST');
    }
  });

  it('are encrypted with a key of the customer', () => {
    for (const name of ['Table', 'KeysTable'] as const) {
      const table = tableOf(prod, name);
      expect(table.Properties['SSESpecification']).toEqual({ SSEEnabled: true, SSEType: 'KMS' });
      expect(replicaOf(table)['SSESpecification']).toHaveProperty('KMSMasterKeyId');
    }
  });

  it('can be restored to any second of the days that the stage sets, but wrapped keys cannot be', () => {
    expect(replicaOf(tableOf(prod, 'Table'))['PointInTimeRecoverySpecification']).toEqual({
      PointInTimeRecoveryEnabled: true,
      RecoveryPeriodInDays: projectContext.stages['prod']?.['pointInTimeRecoveryDays'],
    });
    expect(replicaOf(tableOf(prod, 'KeysTable'))).not.toHaveProperty('PointInTimeRecoverySpecification');
  });

  it('outlive the removal of a stage that retains its data, and only there', () => {
    for (const name of ['Table', 'KeysTable'] as const) {
      expect(tableOf(prod, name).DeletionPolicy).toBe('Retain');
      expect(replicaOf(tableOf(prod, name))['DeletionProtectionEnabled']).toBe(true);
      expect(tableOf(dev, name).DeletionPolicy).toBe('Delete');
      expect(replicaOf(tableOf(dev, name))['DeletionProtectionEnabled']).toBe(false);
    }
    expect(prod.stacks.data.terminationProtection).toBe(true);
    expect(dev.stacks.data.terminationProtection).toBe(false);
  });
});

describe('the keys', () => {
  it('are four: for the tables, for the tenants’ data keys, for tokens, for files', () => {
    prod.templates.data.resourceCountIs('AWS::KMS::Key', 4);
    prod.templates.data.hasResourceProperties('AWS::KMS::Key', {
      KeySpec: 'ECC_NIST_P256',
      KeyUsage: 'SIGN_VERIFY',
      EnableKeyRotation: Match.absent(),
    });
    prod.templates.data.resourcePropertiesCountIs('AWS::KMS::Key', { EnableKeyRotation: true }, 3);
  });

  it('outlive the removal of a stage that retains its data, and can be saved for 30 days', () => {
    for (const key of Object.values(prod.ofType('AWS::KMS::Key'))) {
      expect(key.DeletionPolicy).toBe('Retain');
      expect(key.Properties['PendingWindowInDays']).toBe(30);
    }
    for (const key of Object.values(dev.ofType('AWS::KMS::Key'))) expect(key.DeletionPolicy).toBe('Delete');
  });

  it('leave it to the account’s own policies who may use them', () => {
    for (const key of Object.values(prod.ofType('AWS::KMS::Key'))) {
      const { Statement: statements } = key.Properties['KeyPolicy'] as { Statement: { Principal: unknown }[] };
      expect(statements.map((statement) => statement.Principal)).toEqual([
        { AWS: { 'Fn::Join': ['', ['arn:aws:iam::', { Ref: 'AWS::AccountId' }, ':root']] } },
      ]);
    }
  });
});

describe('the bucket of files', () => {
  const [bucketId, bucket] =
    Object.entries(prod.ofType('AWS::S3::Bucket')).find(([id]) => id.startsWith('data/')) ?? [];
  const policy = Object.values(prod.ofType('AWS::S3::BucketPolicy')).find((one) =>
    asText(one.Properties['Bucket']).includes(bucketId?.split('/')[1] ?? 'none'),
  );
  const statements = (policy?.Properties['PolicyDocument'] as { Statement: Record<string, unknown>[] }).Statement;

  it('is private, keeps no versions, and encrypts with its own key, each object in a context of its own', () => {
    expect(bucket?.Properties['PublicAccessBlockConfiguration']).toEqual({
      BlockPublicAcls: true,
      BlockPublicPolicy: true,
      IgnorePublicAcls: true,
      RestrictPublicBuckets: true,
    });
    expect(bucket?.Properties).not.toHaveProperty('VersioningConfiguration');
    const [rule] = (
      bucket?.Properties['BucketEncryption'] as { ServerSideEncryptionConfiguration: Record<string, unknown>[] }
    ).ServerSideEncryptionConfiguration;
    expect(rule?.['BucketKeyEnabled']).toBe(false);
    expect(asText(rule)).toContain('aws:kms');
  });

  it('forgets what nobody completed', () => {
    const { Rules: rules } = bucket?.Properties['LifecycleConfiguration'] as { Rules: Record<string, unknown>[] };
    expect(rules).toMatchObject([
      { Prefix: 'quarantine/', ExpirationInDays: 1, Status: 'Enabled' },
      { AbortIncompleteMultipartUpload: { DaysAfterInitiation: 1 }, Status: 'Enabled' },
    ]);
  });

  it('refuses other encryption, old signatures and connections without TLS, whoever asks', () => {
    const refused = statements.filter((statement) => statement['Effect'] === 'Deny');
    const conditions = asText(refused.map((statement) => statement['Condition']));
    for (const key of [
      's3:x-amz-server-side-encryption"',
      's3:x-amz-server-side-encryption-aws-kms-key-id',
      's3:signatureAge',
      'aws:SecureTransport',
    ]) {
      expect(conditions).toContain(key);
    }
    expect(statements.filter((statement) => statement['Effect'] === 'Allow')).toEqual([]);
  });

  it('outlives the removal of a stage that retains its data', () => {
    expect(bucket?.DeletionPolicy).toBe('Retain');
  });
});
