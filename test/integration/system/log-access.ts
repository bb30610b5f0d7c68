import type { LocalRun } from '../../../local/contract.ts';
import { fromStoredEntry, type StoredEntry } from '../../../shared/features/log/log-codec.ts';
import { type LogOwner, openContent, sealContent } from '../../../shared/features/log/log-content.ts';
import type { LogEntry } from '../../../shared/features/log/log-entry.ts';
import { keys } from '../../../shared/core/table/keys.ts';
import type { Tables } from './tables.ts';

/** Uses the code and rights of the function `messages`. Sets `process.env`. */
export async function logAccess(run: LocalRun, tenantId: string): Promise<Omit<LogOwner, 'conversationId'>> {
  const definition = run.functions.definitions.find(({ name }) => name === 'switchboard-dev-messages');
  const { accessKeyId, secretAccessKey } = run.aws.ownerCredentials;
  Object.assign(process.env, definition?.environment, run.aws.environment, {
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
  });
  const { TenantScope } = await import('../../../shared/core/tenancy/tenant-scope.ts');
  const { tenantKeys } = await import('../../../shared/core/encryption/data-keys.ts');
  const scope = TenantScope.fromEnvelope({ tenantId });
  return { scope, keys: await tenantKeys(scope) };
}

/** Breaks the hash chain, which no function verifies. */
export async function rewriteEntry(
  access: Omit<LogOwner, 'conversationId'>,
  tables: Tables,
  conversationId: string,
  seq: number,
  as: Partial<Pick<LogEntry, 'senderId' | 'createdAt'>>,
): Promise<void> {
  const { pk, sk } = keys.logEntry(conversationId, seq);
  const owner = { ...access, conversationId };
  const fullKey = access.scope.prefix + pk;
  const entry = fromStoredEntry({ ...((await tables.get(fullKey, sk)) as unknown as StoredEntry), sk });
  const content = openContent(owner, entry);
  const rewritten = { ...entry, ...as };
  await tables.set(fullKey, sk, 's', rewritten.senderId);
  await tables.set(fullKey, sk, 't', rewritten.createdAt);
  await tables.set(fullKey, sk, 'x', sealContent(owner, rewritten, content));
}
