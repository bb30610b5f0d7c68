import { Duration, RemovalPolicy, Stack, type StackProps, Validations } from 'aws-cdk-lib';
import {
  AttributeType,
  Billing,
  type ITableV2,
  ProjectionType,
  StreamViewType,
  TableEncryptionV2,
  TableV2,
} from 'aws-cdk-lib/aws-dynamodb';
import { Key, KeySpec, KeyUsage } from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';
import { keysTableSchema, tableSchema } from '../../shared/core/table/schema.ts';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import { filesBucket } from '../files/files-bucket.ts';
import { recordsBucket } from '../files/records-bucket.ts';
import type { Stage } from '../settings.ts';

export class DataStack extends Stack {
  /** The stage's own table, or its restored replacement. */
  readonly table: ITableV2;
  readonly keysTable: TableV2;
  readonly tableKey: Key;
  readonly dataKey: Key;
  readonly filesKey: Key;
  readonly filesBucket: IBucket;
  readonly filesBucketFinding: string;
  readonly recordsKey: Key;
  readonly recordsBucket: IBucket;
  readonly recordsBucketFinding: string;

  constructor(scope: Construct, id: string, props: StackProps & { readonly stage: Stage }) {
    super(scope, id, props);
    const { settings, prefix } = props.stage;
    // A failed first deployment leaves only empty resources.
    const removalPolicy = settings.retainData ? RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE : RemovalPolicy.DESTROY;
    const kept = {
      removalPolicy,
      // Allows cancelling an accidental deletion.
      pendingWindow: Duration.days(settings.retainData ? 30 : 7),
    };

    this.tableKey = new Key(this, 'TableKey', {
      ...kept,
      alias: `${prefix}-tables`,
      description: 'Encrypts the tables at rest',
      enableKeyRotation: true,
    });
    this.dataKey = new Key(this, 'DataKey', {
      ...kept,
      alias: `${prefix}-data`,
      description: 'Wraps the data key of each tenant',
      enableKeyRotation: true,
    });
    this.filesKey = new Key(this, 'FilesKey', {
      ...kept,
      alias: `${prefix}-files`,
      description: 'Encrypts attachments, each with its tenant in the encryption context',
      enableKeyRotation: true,
    });
    this.filesBucket = filesBucket(this, props.stage, this.filesKey) as IBucket;
    this.filesBucketFinding = this.#findingOf(this.filesBucket);

    this.recordsKey = new Key(this, 'RecordsKey', {
      ...kept,
      alias: `${prefix}-records`,
      description: 'Signs the records that make tampering evident, and nothing else (ES256)',
      keySpec: KeySpec.ECC_NIST_P256,
      keyUsage: KeyUsage.SIGN_VERIFY,
    });
    this.recordsBucket = recordsBucket(this, props.stage) as IBucket;
    this.recordsBucketFinding = this.#findingOf(this.recordsBucket);

    const text = (name: string) => ({ name, type: AttributeType.STRING });
    const shared = {
      billing: Billing.onDemand(),
      encryption: TableEncryptionV2.customerManagedKey(this.tableKey),
      deletionProtection: settings.retainData,
      removalPolicy,
      // CloudFormation does not copy a stack's tags to this type's replica.
      // https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-dynamodb-globaltable-tag.html
      tags: Object.entries(this.tags.tagValues()).map(([key, value]) => ({ key, value })),
    };
    const table = new TableV2(this, 'Table', {
      ...shared,
      partitionKey: text(tableSchema.partitionKey),
      sortKey: text(tableSchema.sortKey),
      globalSecondaryIndexes: Object.values(tableSchema.indexes).map((index) => ({
        indexName: index.name,
        partitionKey: text(index.partitionKey),
        sortKey: text(index.sortKey),
        projectionType: ProjectionType.ALL,
      })),
      timeToLiveAttribute: tableSchema.timeToLive,
      dynamoStream: StreamViewType.NEW_AND_OLD_IMAGES,
      pointInTimeRecoverySpecification: {
        pointInTimeRecoveryEnabled: true,
        recoveryPeriodInDays: settings.pointInTimeRecoveryDays,
      },
    });
    this.keysTable = new TableV2(this, 'KeysTable', {
      ...shared,
      partitionKey: text(keysTableSchema.partitionKey),
      sortKey: text(keysTableSchema.sortKey),
    });
    Validations.of(this.keysTable).acknowledge({
      id: 'AwsSolutions-DDB3',
      reason: 'Destroying a wrapped key makes its data permanently unreadable. A restore would bring the key back',
    });
    // Tables come last, because deletion protection would block the rollback of a first deployment.
    for (const created of [table, this.keysTable]) {
      created.node.addDependency(
        this.tableKey,
        this.dataKey,
        this.filesKey,
        this.filesBucket,
        this.recordsKey,
        this.recordsBucket,
      );
    }
    this.table = settings.restoredTable ? this.#adopt(settings.restoredTable) : (table as ITableV2);
    this.#pinExports(table);
  }

  #findingOf(bucket: IBucket): string {
    const exported = this.resolve(this.exportValue(bucket.bucketArn)) as { 'Fn::ImportValue': string };
    return exported['Fn::ImportValue'];
  }

  #adopt({ name, streamLabel }: NonNullable<Stage['settings']['restoredTable']>): ITableV2 {
    const arn = this.formatArn({ service: 'dynamodb', resource: 'table', resourceName: name });
    return TableV2.fromTableAttributes(this, 'RestoredTable', {
      tableArn: arn,
      tableStreamArn: `${arn}/stream/${streamLabel}`,
      encryptionKey: this.tableKey,
      globalIndexes: Object.values(tableSchema.indexes).map((index) => index.name),
    });
  }

  /** The CDK removes an export that no code uses, and CloudFormation rejects this while a deployed stack imports it. */
  #pinExports(table: TableV2): void {
    const { keysTable, tableKey, dataKey, filesKey, filesBucket, recordsKey, recordsBucket } = this;
    for (const value of [
      ...[table.tableName, table.tableArn, table.tableStreamArn],
      ...[keysTable.tableName, keysTable.tableArn],
      ...[tableKey, dataKey, filesKey, recordsKey].flatMap((key) => [key.keyId, key.keyArn]),
      ...[filesBucket, recordsBucket].flatMap((bucket) => [bucket.bucketName, bucket.bucketArn]),
    ]) {
      this.exportValue(value);
    }
  }
}
