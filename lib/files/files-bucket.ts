import { Duration, RemovalPolicy, Validations } from 'aws-cdk-lib';
import { AnyPrincipal, Effect, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Key } from 'aws-cdk-lib/aws-kms';
import { BlockPublicAccess, Bucket, BucketEncryption, HttpMethods, ObjectOwnership } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import type { Stage } from '../settings.ts';

/** How old a presigned address or form may be at most, whoever made it. */
const oldestSignatureMs = 10 * 60 * 1000;

/**
 * The bucket of attachments. Nothing in it is public: clients come with presigned addresses and forms. It keeps no
 * versions, so that what is deleted is gone.
 */
export function filesBucket(scope: Construct, stage: Stage, key: Key): Bucket {
  const bucket = new Bucket(scope, 'Files', {
    blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
    objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
    encryption: BucketEncryption.KMS,
    encryptionKey: key,
    // A bucket key would hide each object's encryption context, and with it the tenant, from the key.
    // https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucket-key.html
    bucketKeyEnabled: false,
    enforceSSL: true,
    minimumTLSVersion: 1.2,
    ...whenRemoved(stage),
    cors: [
      {
        // What a page may do is in the address or form that it was given; cookies do not count here.
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
  for (const statement of refusals(bucket, key)) bucket.addToResourcePolicy(statement);
  Validations.of(bucket).acknowledge({
    id: 'AwsSolutions-S1',
    reason:
      'Access logs would keep who loaded which file of which conversation; CloudTrail data events can be switched on',
  });
  return bucket;
}

/** Decides whether a bucket and its objects are deleted with their stack. */
export function whenRemoved({ settings }: Stage) {
  return settings.retainData
    ? { removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE }
    : // S3 does not delete a bucket with objects, so the CDK's function deletes those first. It acts only on a bucket
      // that still has its tag, so changing to `retainData: true` empties nothing.
      { removalPolicy: RemovalPolicy.DESTROY, autoDeleteObjects: true };
}

/** What nobody may do, whatever rights a function has. */
function refusals(bucket: Bucket, key: Key): PolicyStatement[] {
  const refuse = (sid: string, actions: string[], conditions: Record<string, Record<string, unknown>>) =>
    new PolicyStatement({
      sid,
      effect: Effect.DENY,
      principals: [new AnyPrincipal()],
      actions,
      resources: [bucket.arnForObjects('*')],
      conditions,
    });
  return [
    refuse('EncryptedWithKms', ['s3:PutObject'], { StringNotEquals: { 's3:x-amz-server-side-encryption': 'aws:kms' } }),
    refuse('EncryptedWithThisKey', ['s3:PutObject'], {
      StringNotEquals: { 's3:x-amz-server-side-encryption-aws-kms-key-id': key.keyArn },
    }),
    // https://docs.aws.amazon.com/AmazonS3/latest/API/bucket-policy-s3-sigv4-conditions.html
    refuse('FreshSignatures', ['s3:*'], { NumericGreaterThan: { 's3:signatureAge': oldestSignatureMs } }),
  ];
}
