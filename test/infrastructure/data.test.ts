import { Match } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { keysTableSchema, tableSchema } from '../../shared/core/table/schema.ts';
import { projectContext } from './project-context.ts';
import { asText, type Resource, synthesiseStage } from './synthesised-stage.ts';
import { resourceType } from './template-check/specification.ts';

const dev = synthesiseStage('dev');
const prod = synthesiseStage('prod');
const rotating = synthesiseStage('prod', { signingKeys: [2, 1] });
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

describe('each table', () => {
  it('has the keys, the index, the expiry and the stream that the code uses', () => {
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

  it('is billed per request, so that it costs nothing when idle', () => {
    for (const name of ['Table', 'KeysTable'] as const) {
      expect(tableOf(prod, name).Properties['BillingMode']).toBe('PAY_PER_REQUEST');
    }
  });

  it('is encrypted with a customer managed key', () => {
    for (const name of ['Table', 'KeysTable'] as const) {
      const table = tableOf(prod, name);
      expect(table.Properties['SSESpecification']).toEqual({ SSEEnabled: true, SSEType: 'KMS' });
      expect(replicaOf(table)['SSESpecification']).toHaveProperty('KMSMasterKeyId');
    }
  });

  it('has point-in-time recovery for the days that the stage sets, except for data keys', () => {
    expect(replicaOf(tableOf(prod, 'Table'))['PointInTimeRecoverySpecification']).toEqual({
      PointInTimeRecoveryEnabled: true,
      RecoveryPeriodInDays: projectContext.stages['prod']?.['pointInTimeRecoveryDays'],
    });
    expect(replicaOf(tableOf(prod, 'KeysTable'))).not.toHaveProperty('PointInTimeRecoverySpecification');
  });

  it('is retained at the removal of a stage only if the stage retains its data', () => {
    for (const name of ['Table', 'KeysTable'] as const) {
      expect(tableOf(prod, name).DeletionPolicy).toBe('RetainExceptOnCreate');
      expect(replicaOf(tableOf(prod, name))['DeletionProtectionEnabled']).toBe(true);
      expect(tableOf(dev, name).DeletionPolicy).toBe('Delete');
      expect(replicaOf(tableOf(dev, name))['DeletionProtectionEnabled']).toBe(false);
    }
    expect(prod.stacks.data.terminationProtection).toBe(true);
    expect(dev.stacks.data.terminationProtection).toBe(false);
  });
});

describe('every retained resource', () => {
  // The deployment guide and a budget find resources by these tags.
  it('has the tags of the stage', () => {
    const retained = Object.entries(prod.templates.data.toJSON()['Resources'] as Record<string, Resource>).filter(
      ([, { DeletionPolicy: policy }]) => policy?.startsWith('Retain'),
    );
    expect(retained.length).toBeGreaterThan(7);
    for (const [id, resource] of retained) {
      // CloudFormation adds the stack's tags to resources that support tags.
      if (resourceType(resource.Type)?.tagInformation !== undefined) continue;
      const parts = (resource.Properties['Replicas'] ?? [{}]) as { readonly Tags?: readonly object[] }[];
      for (const { Tags: tags } of parts) {
        expect(tags, id).toEqual([
          { Key: 'application', Value: 'switchboard' },
          { Key: 'stage', Value: 'prod' },
        ]);
      }
    }
    expect(prod.stacks.data.tags.tagValues()).toEqual({ application: 'switchboard', stage: 'prod' });
  });
});

describe('a restored table', () => {
  const restoredTable = { name: 'switchboard-restored', streamLabel: '2026-11-20T08:30:00.000' };
  const restored = synthesiseStage('prod', { restoredTable });
  const [, exportOfTable] = Object.entries(prod.templates.data.toJSON()['Outputs'] as Record<string, unknown>).find(
    ([name]) => /^ExportsOutputRefTable[0-9A-F]{8}/.test(name),
  ) as [string, { Export: { Name: string } }];

  it('replaces the stage’s original table in every function, policy, alarm and widget', () => {
    for (const stack of ['api', 'events', 'observability'] as const) {
      const text = JSON.stringify(restored.templates[stack].toJSON());
      expect(text, stack).not.toMatch(/ExportsOutput(Ref|FnGetAtt)Table[0-9A-F]{8}/);
      expect(text, stack).toContain('switchboard-restored');
    }
    for (const lambda of Object.values(restored.ofType('AWS::Lambda::Function'))) {
      const { Variables: variables } = (lambda.Properties['Environment'] ?? { Variables: {} }) as {
        Variables: Record<string, unknown>;
      };
      if ('TABLE_NAME' in variables) expect(variables['TABLE_NAME']).toBe(restoredTable.name);
    }
    const [, source] =
      Object.entries(restored.ofType('AWS::Lambda::EventSourceMapping')).find(([id]) => id.includes('StreamSource')) ??
      [];
    expect(asText(source?.Properties['EventSourceArn'])).toContain(
      `:table/switchboard-restored/stream/${restoredTable.streamLabel}`,
    );
    restored.templates.data.hasOutput('TableName', { Value: restoredTable.name });
  });

  it('leaves the stage’s original table and its exports unchanged', () => {
    expect(tableOf(restored, 'Table')).toEqual(tableOf(prod, 'Table'));
    expect(Object.values(restored.templates.data.toJSON()['Outputs'] as object)).toContainEqual(exportOfTable);
  });
});

describe('the set of keys', () => {
  const keysOfData = (stage: typeof dev) =>
    Object.entries(stage.ofType('AWS::KMS::Key')).filter(([id]) => id.startsWith('data/'));

  it('includes three for encryption: for the tables, for the tenants’ data keys and for files', () => {
    const encrypting = { EnableKeyRotation: true, KeySpec: Match.absent() };
    prod.templates.data.resourcePropertiesCountIs('AWS::KMS::Key', encrypting, 3);
    prod.templates.data.resourcePropertiesCountIs('AWS::KMS::Key', { EnableKeyRotation: Match.absent() }, 1);
  });

  it('includes one for records, which never rotates, so that old records stay verifiable', () => {
    const signing = { KeySpec: 'ECC_NIST_P256', KeyUsage: 'SIGN_VERIFY', EnableKeyRotation: Match.absent() };
    prod.templates.data.resourcePropertiesCountIs('AWS::KMS::Key', signing, 1);
  });

  it('includes one for tokens in each version, in the stack of the functions that use it', () => {
    const versions = (stage: typeof dev) =>
      Object.values(stage.templates.api.findResources('AWS::KMS::Alias')).map(
        (alias) => (alias as Resource).Properties['AliasName'],
      );
    expect(versions(prod)).toEqual(['alias/switchboard-prod-signing-1']);
    expect(versions(rotating)).toEqual(['alias/switchboard-prod-signing-2', 'alias/switchboard-prod-signing-1']);
    rotating.templates.api.resourcePropertiesCountIs(
      'AWS::KMS::Key',
      { KeySpec: 'ECC_NIST_P256', KeyUsage: 'SIGN_VERIFY', EnableKeyRotation: Match.absent() },
      2,
    );
  });

  it('never retains a key for tokens, because a new key costs every client one refresh', () => {
    rotating.templates.api.allResources('AWS::KMS::Key', { DeletionPolicy: 'Delete', UpdateReplacePolicy: 'Delete' });
  });

  it('retains the keys for encryption if the stage retains its data, with 30 days to recover them', () => {
    for (const [, key] of keysOfData(prod)) {
      expect(key.DeletionPolicy).toBe('RetainExceptOnCreate');
      expect(key.Properties['PendingWindowInDays']).toBe(30);
    }
    for (const [, key] of keysOfData(dev)) expect(key.DeletionPolicy).toBe('Delete');
  });

  it('delegates permissions to the policies of the account', () => {
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
  const policy = Object.values(prod.ofType('AWS::S3::BucketPolicy')).find((resource) =>
    asText(resource.Properties['Bucket']).includes(bucketId?.split('/')[1] ?? 'none'),
  );
  const statements = (policy?.Properties['PolicyDocument'] as { Statement: Record<string, unknown>[] }).Statement;

  it('is private and unversioned, and encrypts each object with its key in a separate context', () => {
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

  it('deletes uploads that were not completed', () => {
    const { Rules: rules } = bucket?.Properties['LifecycleConfiguration'] as { Rules: Record<string, unknown>[] };
    expect(rules).toMatchObject([
      { Prefix: 'quarantine/', ExpirationInDays: 1, Status: 'Enabled' },
      { AbortIncompleteMultipartUpload: { DaysAfterInitiation: 1 }, Status: 'Enabled' },
    ]);
  });

  it('rejects other encryption, old signatures and connections without TLS from every caller', () => {
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

  it('is retained at the removal of a stage that retains its data', () => {
    expect(bucket?.DeletionPolicy).toBe('RetainExceptOnCreate');
    prod.templates.data.resourceCountIs('Custom::S3AutoDeleteObjects', 0);
  });

  it('is emptied at the removal of a stage that does not retain its data', () => {
    const [emptier] = Object.values(dev.ofType('Custom::S3AutoDeleteObjects'));
    const [devBucketId] = Object.keys(dev.templates.data.findResources('AWS::S3::Bucket'));
    expect(emptier?.Properties['BucketName']).toEqual({ Ref: devBucketId });
    // The CDK's function ignores a bucket without this tag.
    dev.templates.data.hasResourceProperties('AWS::S3::Bucket', {
      Tags: Match.arrayWith([{ Key: 'aws-cdk:auto-delete-objects', Value: 'true' }]),
    });
    const provider = asText(emptier?.Properties['ServiceToken']).match(/CustomS3\w+?Handler\w+/)?.[0] ?? 'none';
    const role = dev.ofType('AWS::Lambda::Function')[`data/${provider}`]?.Properties['Role'];
    const [devPolicy] = Object.values(dev.templates.data.findResources('AWS::S3::BucketPolicy')) as Resource[];
    const { Statement: admitted } = devPolicy?.Properties['PolicyDocument'] as {
      Statement: { Effect: string; Action: string | string[]; Principal: unknown; Resource: unknown }[];
    };
    const granted = admitted.filter((statement) => statement.Effect === 'Allow');
    expect(granted.map((statement) => statement.Principal)).toEqual([{ AWS: role }]);
    expect(granted.flatMap((statement) => statement.Action)).toEqual(
      expect.arrayContaining(['s3:List*', 's3:DeleteObject*']),
    );
  });

  it('has its name in an output, so that the operator can empty it', () => {
    prod.templates.data.hasOutput('FilesBucketName', { Value: { Ref: bucketId?.split('/')[1] } });
  });
});
