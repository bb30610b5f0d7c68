import { DynamoDBClient, type DynamoDBClientConfig } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { notingDenial } from '../tenancy/denials.ts';
import { tenantCredentials } from '../tenancy/tenant-credentials.ts';
import type { TenantScope } from '../tenancy/tenant-scope.ts';

/** Three attempts with the SDK's jitter: every write here may be repeated. */
const maxAttempts = 3;

/**
 * The client of the function itself, for what belongs to no tenant. A hung call is given up after 2 s, well before the
 * client's patience, and tried again on another connection.
 */
const own = new DynamoDBClient({
  maxAttempts,
  requestHandler: { requestTimeout: 2000, connectionTimeout: 1000, httpsAgent: { keepAlive: true, maxSockets: 100 } },
});
export const platformDocuments = documentsOf(own);

/** A client takes about 40 KB. As many as there are credentials in memory. */
const size = 500;
const byTenant = new Map<string, DynamoDBDocumentClient>();

/** The client that works with a tenant's credentials. All clients share the connections: each call is signed for itself. */
export function tenantDocuments(scope: TenantScope): DynamoDBDocumentClient {
  const { tenantId } = scope;
  const known = byTenant.get(tenantId);
  if (known !== undefined) return known;
  const { requestHandler, region } = own.config;
  const settings: DynamoDBClientConfig = { maxAttempts, requestHandler, region };
  const documents = documentsOf(new DynamoDBClient({ ...settings, credentials: tenantCredentials(scope) }), tenantId);
  // The oldest goes first: a Map keeps the order of insertion. It is not destroyed, or its connections would be.
  if (byTenant.size >= size) byTenant.delete(byTenant.keys().next().value ?? '');
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
