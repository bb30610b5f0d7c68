import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, ScanCommand } from '@aws-sdk/lib-dynamodb';
import type { AttemptLimit } from '../../../shared/features/identity/attempt-limits.ts';
import { keys } from '../../../shared/core/table/keys.ts';

/** Reads and changes the table of a tenant past the service, in the process of the identity system. */
export async function tableOf(slug: string) {
  const { tenantTable } = await import('../../../shared/core/table/scoped-table.ts');
  const { findTenantBySlug } = await import('../../../shared/features/tenants/tenant-directory.ts');
  const tenant = await findTenantBySlug(slug);
  if (tenant === undefined) throw new Error(`There is no tenant ${slug}`);
  const { scope } = tenant;
  const table = tenantTable(scope);
  const documents = DynamoDBDocumentClient.from(new DynamoDBClient({}));
  const items = async () => {
    const { Items = [] } = await documents.send(
      new ScanCommand({ TableName: process.env['TABLE_NAME'], ConsistentRead: true }),
    );
    return Items.filter(({ pk }) => String(pk).startsWith(scope.prefix));
  };
  return {
    scope,
    countItems: async (userId: string, sk: string) =>
      (await items()).filter((item) => String(item['pk']).endsWith(userId) && item['sk'] === sk).length,
    /** Every item as text, with binary values as Latin-1. */
    allText: async () =>
      JSON.stringify(await items(), (_, value: unknown) =>
        value instanceof Uint8Array ? Buffer.from(value).toString('latin1') : value,
      ),
    setAccess: async (userId: string, attribute: string, value: unknown) => {
      await table.update(keys.userAccess(userId), { expression: `SET #${attribute} = :value`, values: { value } });
    },
    item: (key: Parameters<typeof table.get>[0]) => table.get<Record<string, unknown>>(key, { consistent: true }),
    hasItem: async (key: Parameters<typeof table.get>[0]) => (await table.get(key, { consistent: true })) !== undefined,
  };
}

/** Fills a limit of guests, as many recent attempts would. @param sourceIp the address, or every address of the tenant. */
export async function fillLimit(slug: string, limit: AttemptLimit, sourceIp?: string): Promise<void> {
  const { networkHash } = await import('../../../shared/features/identity/attempt-counter.ts');
  const { tenantTable } = await import('../../../shared/core/table/scoped-table.ts');
  const { scope } = await tableOf(slug);
  const subject = sourceIp === undefined ? 'all' : networkHash(sourceIp);
  const filledTo = Date.now() + limit.burst * limit.intervalMs;
  await tenantTable(scope).put(keys.attempts(`${limit.name}#${subject}`), {
    filledTo,
    expiresAt: filledTo / 1000 + 60,
  });
}
