import { AwsClient } from '../aws/aws-client.ts';
import { noteDenial } from '../tenancy/denials.ts';
import { tenantCredentials } from '../tenancy/tenant-credentials.ts';
import type { TenantScope } from '../tenancy/tenant-scope.ts';

export const platformClient = new AwsClient({ onError: noteDenial });

/** Costs no connection: all clients share them. */
export function tenantClient(scope: TenantScope): AwsClient {
  return new AwsClient({
    credentials: tenantCredentials(scope),
    onError: (error) => noteDenial(error, scope.tenantId),
  });
}
