import { AssumeRoleCommand } from '../aws/assume-role-command.ts';
import { AwsClient } from '../aws/aws-client.ts';
import { config } from '../runtime/config.ts';
import { ExpiringCache } from '../runtime/expiring-cache.ts';
import { noteDenial } from './denials.ts';
import type { TenantScope } from './tenant-scope.ts';

export interface TenantCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
  /** {@link spareMs} before they expire. */
  readonly expiration: Date;
}

/** Policies refer to it as `aws:PrincipalTag/tenant`. */
const tagName = 'tenant';
/**
 * The maximum for role chaining.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles.html#iam-term-role-chaining
 */
const sessionSeconds = 3600;
/**
 * A presigned URL expires with the credentials that signed it.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-presigned-url.html
 */
const spareMs = 15 * 60 * 1000;
/** The SDK renews credentials five minutes before they expire. */
const lifeMs = sessionSeconds * 1000 - spareMs - 5 * 60 * 1000;

const cache = new ExpiringCache<TenantCredentials>({ lifeMs, size: 500 });

/**
 * Assumes the function's tenant role with the tenant as session tag, by which IAM limits the data. Each environment
 * calls STS every 40 minutes for each tenant. A URL that the credentials sign is valid for at least 15 minutes.
 */
export function tenantCredentials(scope: TenantScope): () => Promise<TenantCredentials> {
  return () => cache.get(scope.tenantId, () => assume(scope.tenantId));
}

/** https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html */
async function assume(tenantId: string): Promise<TenantCredentials> {
  const command = new AssumeRoleCommand({
    RoleArn: config.tenantRoleArn,
    RoleSessionName: tenantId,
    DurationSeconds: sessionSeconds,
    Tags: [{ Key: tagName, Value: tenantId }],
  });
  const sts = new AwsClient({ onError: (error) => noteDenial(error, tenantId) });
  const { Credentials: issued } = await sts.send(command);
  const { AccessKeyId: accessKeyId, SecretAccessKey: secretAccessKey, SessionToken: sessionToken } = issued;
  const end = issued.Expiration;
  if (accessKeyId === undefined || secretAccessKey === undefined || sessionToken === undefined || end === undefined) {
    throw new Error('STS returned no credentials');
  }
  return { accessKeyId, secretAccessKey, sessionToken, expiration: new Date(end.getTime() - spareMs) };
}
