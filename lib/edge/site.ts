import { Duration, RemovalPolicy, Stack, Validations } from 'aws-cdk-lib';
import type { Distribution } from 'aws-cdk-lib/aws-cloudfront';
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import { BlockPublicAccess, Bucket, BucketEncryption, type CfnBucket, type IBucket } from 'aws-cdk-lib/aws-s3';
import { BucketDeployment, CacheControl, Source } from 'aws-cdk-lib/aws-s3-deployment';
import type { Construct } from 'constructs';
import type { Stage } from '../settings.ts';

/** Only the distribution reads this bucket. */
export function siteBucket(scope: Construct): Bucket {
  const bucket = new Bucket(scope, 'Site', {
    blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
    encryption: BucketEncryption.S3_MANAGED,
    enforceSSL: true,
    minimumTLSVersion: 1.2,
    removalPolicy: RemovalPolicy.DESTROY,
  });
  Validations.of(bucket).acknowledge({
    id: 'AwsSolutions-S1',
    reason: 'Only the distribution reads the bucket, and its contents are public',
  });
  return bucket;
}

export function deploySite(
  scope: Construct,
  stage: Stage,
  bucket: Bucket,
  distribution: Distribution,
  directory: string,
): void {
  new BucketDeployment(scope, 'SiteDeployment', {
    sources: [Source.asset(directory, { exclude: ['.gitignore'] })],
    destinationBucket: bucket as IBucket,
    distribution,
    distributionPaths: ['/*'],
    // The invalidation may outlast the deployment. Pages are cached for at most five minutes.
    waitForDistributionInvalidation: false,
    cacheControl: [CacheControl.setPublic(), CacheControl.maxAge(Duration.minutes(5))],
    prune: true,
    // AWS deletes only empty buckets.
    retainOnDelete: false,
    memoryLimit: 512,
    logGroup: new LogGroup(scope, 'SiteDeploymentLogs', {
      retention: stage.settings.logRetentionDays as RetentionDays,
      removalPolicy: RemovalPolicy.DESTROY,
    }),
  });
  acknowledgeCopier(Stack.of(scope), bucket);
}

function acknowledgeCopier(stack: Stack, bucket: Bucket): void {
  const copier = stack.node.children.find((child) => child.node.id.startsWith('Custom::CDKBucketDeployment'));
  if (copier === undefined) throw new Error('This CDK version names the construct that copies the site differently');
  const reason =
    'The CDK’s function that copies the site at deployment. It can access assets and the site, but no data';
  const bucketId = stack.getLogicalId(bucket.node.defaultChild as CfnBucket);
  const findings = [
    'AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole]',
    ...['s3:GetBucket*', 's3:GetObject*', 's3:List*', 's3:Abort*', 's3:DeleteObject*'].map(
      (action) => `AwsSolutions-IAM5[Action::${action}]`,
    ),
    `AwsSolutions-IAM5[Resource::arn:aws:s3:::cdk-hnb659fds-assets-<AWS::AccountId>-${stack.region}/*]`,
    `AwsSolutions-IAM5[Resource::<${bucketId}.Arn>/*]`,
    'AwsSolutions-IAM5[Resource::*]',
    'AwsSolutions-L1',
    'Serverless-LambdaDLQ',
    'Serverless-LambdaTracing',
    'Serverless-LambdaLatestVersion',
  ];
  for (const id of findings) Validations.of(copier).acknowledge({ id, reason });
}
