import { Duration, RemovalPolicy, Stack, type StackProps, Validations } from 'aws-cdk-lib';
import {
  AttributeType,
  Billing,
  ProjectionType,
  StreamViewType,
  TableEncryptionV2,
  TableV2,
} from 'aws-cdk-lib/aws-dynamodb';
import { Key, KeySpec, KeyUsage } from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';
import { keysTableSchema, tableSchema } from '../../shared/table/schema.ts';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import { filesBucket } from '../files/files-bucket.ts';
import type { Stage } from '../settings.ts';

/** What must not be lost: the tables, the files and the keys. */
export class DataStack extends Stack {
  readonly table: TableV2;
  readonly keysTable: TableV2;
  readonly tableKey: Key;
  readonly dataKey: Key;
  readonly signingKey: Key;
  readonly filesKey: Key;
  readonly filesBucket: IBucket;
  /** The bucket’s ARN as cdk-nag writes it in its findings: by its export. */
  readonly filesBucketFinding: string;

  constructor(scope: Construct, id: string, props: StackProps & { readonly stage: Stage }) {
    super(scope, id, props);
    const { settings, prefix } = props.stage;
    const removalPolicy = settings.retainData ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY;
    const kept = {
      removalPolicy,
      // Time to notice that a key was deleted by mistake: until then the deletion can be cancelled.
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
    this.signingKey = new Key(this, 'SigningKey', {
      ...kept,
      alias: `${prefix}-signing`,
      description: 'Signs access tokens (ES256)',
      keySpec: KeySpec.ECC_NIST_P256,
      keyUsage: KeyUsage.SIGN_VERIFY,
    });

    this.filesKey = new Key(this, 'FilesKey', {
      ...kept,
      alias: `${prefix}-files`,
      description: 'Encrypts attachments, each with its tenant in the encryption context',
      enableKeyRotation: true,
    });
    this.filesBucket = filesBucket(this, props.stage, this.filesKey) as IBucket;
    const exported = this.resolve(this.exportValue(this.filesBucket.bucketArn)) as { 'Fn::ImportValue': string };
    this.filesBucketFinding = exported['Fn::ImportValue'];

    const text = (name: string) => ({ name, type: AttributeType.STRING });
    const shared = {
      billing: Billing.onDemand(),
      encryption: TableEncryptionV2.customerManagedKey(this.tableKey),
      deletionProtection: settings.retainData,
      removalPolicy,
    };
    this.table = new TableV2(this, 'Table', {
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
      reason: 'Destroying a wrapped key has to make its data unreadable for good: a restore would bring the key back',
    });
  }
}
