import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { KMSClient } from '@aws-sdk/client-kms';
import { S3Client } from '@aws-sdk/client-s3';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import type { LocalRun } from '../../../local/contract.ts';

export interface RoleSession {
  readonly table: DynamoDBClient;
  readonly kms: KMSClient;
  readonly files: S3Client;
}

/** Assumes a role. The template's policies decide what it may do. */
export async function openSession(run: LocalRun, roleArn: string, tenantId: string | undefined): Promise<RoleSession> {
  const common = { endpoint: run.aws.url, region: run.assembly.region, maxAttempts: 1 };
  const sts = new STSClient({ ...common, credentials: run.aws.ownerCredentials });
  const { Credentials: given } = await sts.send(
    new AssumeRoleCommand({
      RoleArn: roleArn,
      RoleSessionName: 'attempt',
      ...(tenantId === undefined ? {} : { Tags: [{ Key: 'tenant', Value: tenantId }] }),
    }),
  );
  const credentials = {
    accessKeyId: given?.AccessKeyId ?? '',
    secretAccessKey: given?.SecretAccessKey ?? '',
    sessionToken: given?.SessionToken ?? '',
  };
  return {
    table: new DynamoDBClient({ ...common, credentials }),
    kms: new KMSClient({ ...common, credentials }),
    files: new S3Client({ ...common, credentials, forcePathStyle: true }),
  };
}

const denials: readonly string[] = ['AccessDenied', 'AccessDeniedException'];

/** Any other outcome means that IAM allowed the call. */
export async function isDenied(attempt: Promise<unknown>): Promise<boolean> {
  return attempt.then(
    () => false,
    (error: unknown) => error instanceof Error && denials.includes(error.name),
  );
}
