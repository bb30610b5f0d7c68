import { DynamoDBClient, type DynamoDBClientConfig } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { BoundedMap } from '../runtime/bounded-map.ts';
import { notingDenial } from '../tenancy/denials.ts';
import { tenantCredentials } from '../tenancy/tenant-credentials.ts';
import type { TenantScope } from '../tenancy/tenant-scope.ts';
import { callLimits } from '../runtime/call-limits.ts';

/** A write that runs twice does no harm. */
const maxAttempts = 3;

/** Retries on another connection after 2 s without a response. */
const platformClient = new DynamoDBClient({
  maxAttempts,
  requestHandler: { ...callLimits, httpsAgent: { keepAlive: true, maxSockets: 100 } },
});
export const platformDocuments = documentsOf(platformClient);

/** About 40 KB each. Destroying an evicted client would close the shared connections. */
const byTenant = new BoundedMap<DynamoDBDocumentClient>(500);

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
