import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { config } from '../runtime/config.ts';
import { ExpiringCache } from '../runtime/expiring-cache.ts';
import { notingDenial } from './denials.ts';
import type { TenantScope } from './tenant-scope.ts';

/** Credentials that open one tenant's data and nothing else, in the form that clients of the SDK take. */
export interface TenantCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
  /** When clients have to ask for others; {@link spareMs} before they end. */
  readonly expiration: Date;
}

/** Name of the session tag that the policies of tenants' roles refer to as `aws:PrincipalTag/tenant`. */
const tagName = 'tenant';
/**
 * The most that a role gets which assumes another.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles.html#iam-term-role-chaining
 */
const sessionSeconds = 3600;
/**
 * A presigned URL ends with the credentials that signed it, so clients are told an end that leaves this much.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-presigned-url.html
 */
const spareMs = 15 * 60 * 1000;
/** Clients of the SDK ask for others when five minutes are left; what they get then must not come from memory. */
const lifeMs = sessionSeconds * 1000 - spareMs - 5 * 60 * 1000;

const sts = new STSClient({
  maxAttempts: 3,
  requestHandler: { requestTimeout: 2000, connectionTimeout: 1000 },
  // The copy of this client that is in the bundles knows no source of credentials by itself.
  credentials: () => Promise.resolve(config.ownCredentials),
});

/** As many tenants as an environment holds data keys of. A warm environment does not ask STS. */
const cache = new ExpiringCache<TenantCredentials>({ lifeMs, size: 500 });

/**
 * A credential provider for clients of the SDK: the function's tenant role, in a session tagged with the tenant. What it
 * opens is decided by IAM alone, from the tag, whatever keys and names the code then asks for. One call to STS for each
 * tenant and environment in 40 minutes; what is signed with them stays good for 15 minutes at least.
 */
export function tenantCredentials(scope: TenantScope): () => Promise<TenantCredentials> {
  return () => cache.get(scope.tenantId, () => assume(scope.tenantId));
}

/** https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html */
async function assume(tenantId: string): Promise<TenantCredentials> {
  const command = new AssumeRoleCommand({
    RoleArn: config.tenantRoleArn,
    // Seen in CloudTrail beside every call of the session.
    RoleSessionName: tenantId,
    DurationSeconds: sessionSeconds,
    Tags: [{ Key: tagName, Value: tenantId }],
  });
  const { Credentials: given } = await notingDenial(tenantId, () => sts.send(command));
  const { AccessKeyId: accessKeyId, SecretAccessKey: secretAccessKey, SessionToken: sessionToken } = given ?? {};
  const end = given?.Expiration;
  if (accessKeyId === undefined || secretAccessKey === undefined || sessionToken === undefined || end === undefined) {
    throw new Error('STS returned no credentials');
  }
  return { accessKeyId, secretAccessKey, sessionToken, expiration: new Date(end.getTime() - spareMs) };
}
