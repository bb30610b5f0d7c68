import { DynamoDBClient, type DynamoDBClientConfig } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { BoundedMap } from '../runtime/bounded-map.ts';
import { notingDenial } from '../tenancy/denials.ts';
import { tenantCredentials } from '../tenancy/tenant-credentials.ts';
import type { TenantScope } from '../tenancy/tenant-scope.ts';

/** The SDK may retry every call, because a write that runs twice does no harm. */
const maxAttempts = 3;

/**
 * The client with the function's own credentials, for the platform keyspace. After 2 s without a response, it retries a
 * call on another connection, well before the caller's timeout.
 */
const platformClient = new DynamoDBClient({
  maxAttempts,
  requestHandler: { requestTimeout: 2000, connectionTimeout: 1000, httpsAgent: { keepAlive: true, maxSockets: 100 } },
});
export const platformDocuments = documentsOf(platformClient);

/**
 * Has as many entries as the cache of credentials. A client takes about 40 KB. Evicted clients are not destroyed,
 * because that would close the shared connections.
 */
const byTenant = new BoundedMap<DynamoDBDocumentClient>(500);

/**
 * The client with a tenant's credentials. All clients share their connections, because each call is signed separately.
 */
export function tenantDocuments(scope: TenantScope): DynamoDBDocumentClient {
  const { tenantId } = scope;
  const cached = byTenant.get(tenantId);
  if (cached !== undefined) return cached;
  const { requestHandler, region } = platformClient.config;
  const settings: DynamoDBClientConfig = { maxAttempts, requestHandler, region };
  const documents = documentsOf(new DynamoDBClient({ ...settings, credentials: tenantCredentials(scope) }), tenantId);
  byTenant.set(tenantId, documents);
  return documents;
}

function documentsOf(client: DynamoDBClient, tenantId?: string): DynamoDBDocumentClient {
  client.middlewareStack.add((next) => (args) => notingDenial(tenantId, () => next(args)), {
    step: 'initialize',
    name: 'noteDenial',
  });
  return DynamoDBDocumentClient.from(client, { marshallOptions: { removeUndefinedValues: true } });
}
