import { Duration, RemovalPolicy, Validations } from 'aws-cdk-lib';
import { AnyPrincipal, Effect, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Key } from 'aws-cdk-lib/aws-kms';
import { BlockPublicAccess, Bucket, BucketEncryption, HttpMethods, ObjectOwnership } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import type { Stage } from '../settings.ts';

/** Maximum age of a presigned address or form. */
const oldestSignatureMs = 10 * 60 * 1000;

/** Clients use presigned addresses and forms. Without versioning, deleted files are gone. */
export function filesBucket(scope: Construct, stage: Stage, key: Key): Bucket {
  const bucket = new Bucket(scope, 'Files', {
    blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
    objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
    encryption: BucketEncryption.KMS,
    encryptionKey: key,
    // A bucket key would remove the tenant from the encryption context of KMS calls.
    // https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucket-key.html
    bucketKeyEnabled: false,
    enforceSSL: true,
    minimumTLSVersion: 1.2,
    ...whenRemoved(stage),
    cors: [
      {
        // Safe, because S3 ignores cookies and each request needs a presigned address or form.
        allowedOrigins: ['*'],
        allowedMethods: [HttpMethods.GET, HttpMethods.POST],
        allowedHeaders: ['content-type'],
        exposedHeaders: ['content-length', 'content-type', 'etag'],
        maxAge: 3000,
      },
    ],
    lifecycleRules: [
      { id: 'quarantine', prefix: 'quarantine/', expiration: Duration.days(1) },
      { id: 'unfinished-uploads', abortIncompleteMultipartUploadAfter: Duration.days(1) },
    ],
  });
  for (const statement of denials(bucket, key)) bucket.addToResourcePolicy(statement);
  Validations.of(bucket).acknowledge({
    id: 'AwsSolutions-S1',
    reason:
      'Access logs would record who loaded which file of which conversation. The account can enable CloudTrail data events',
  });
  return bucket;
}

export function whenRemoved({ settings }: Stage) {
  return settings.retainData
    ? { removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE }
    : // S3 does not delete a bucket with objects, so the CDK's function deletes them first. It only empties a bucket
      // that still has its tag, so changing to `retainData: true` empties nothing.
      { removalPolicy: RemovalPolicy.DESTROY, autoDeleteObjects: true };
}

function denials(bucket: Bucket, key: Key): PolicyStatement[] {
  const deny = (sid: string, actions: string[], conditions: Record<string, Record<string, unknown>>) =>
    new PolicyStatement({
      sid,
      effect: Effect.DENY,
      principals: [new AnyPrincipal()],
      actions,
      resources: [bucket.arnForObjects('*')],
      conditions,
    });
  return [
    deny('EncryptedWithKms', ['s3:PutObject'], { StringNotEquals: { 's3:x-amz-server-side-encryption': 'aws:kms' } }),
    deny('EncryptedWithThisKey', ['s3:PutObject'], {
      StringNotEquals: { 's3:x-amz-server-side-encryption-aws-kms-key-id': key.keyArn },
    }),
    // https://docs.aws.amazon.com/AmazonS3/latest/API/bucket-policy-s3-sigv4-conditions.html
    deny('FreshSignatures', ['s3:*'], { NumericGreaterThan: { 's3:signatureAge': oldestSignatureMs } }),
  ];
}
