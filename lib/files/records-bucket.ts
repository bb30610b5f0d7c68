import { Duration, Validations } from 'aws-cdk-lib';
import { BlockPublicAccess, Bucket, BucketEncryption, ObjectLockRetention, ObjectOwnership } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import type { Stage } from '../settings.ts';
import { whenRemoved } from './files-bucket.ts';

const lockedFor = Duration.days(365);

/**
 * Functions never change or delete records. In stages that retain data, S3 enforces this in governance mode: early
 * deletion requires `s3:BypassGovernanceRetention`, which no function has.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lock.html
 */
export function recordsBucket(scope: Construct, stage: Stage): Bucket {
  const { retainData } = stage.settings;
  const bucket = new Bucket(scope, 'Records', {
    blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
    objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
    encryption: BucketEncryption.S3_MANAGED,
    enforceSSL: true,
    minimumTLSVersion: 1.2,
    versioned: true,
    // Set in every stage, because a change replaces the bucket.
    // https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-s3-bucket.html
    objectLockEnabled: true,
    ...(retainData ? { objectLockDefaultRetention: ObjectLockRetention.governance(lockedFor) } : {}),
    ...whenRemoved(stage),
  });
  Validations.of(bucket).acknowledge({
    id: 'AwsSolutions-S1',
    reason: 'Only functions use it; the account can enable CloudTrail data events',
  });
  return bucket;
}
