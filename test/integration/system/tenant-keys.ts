import type { LocalRun } from '../../../local/contract.ts';
import type { LogOwner } from '../../../shared/conversations/log/log-verifier.ts';

/**
 * What it takes to read and write a tenant's logs past the API, with the code and the rights of the function `messages`.
 * Sets `process.env` for that code.
 */
export async function logAccess(run: LocalRun, tenantId: string): Promise<Omit<LogOwner, 'conversationId'>> {
  const definition = run.functions.definitions.find(({ name }) => name === 'switchboard-dev-messages');
  const { accessKeyId, secretAccessKey } = run.aws.ownerCredentials;
  Object.assign(process.env, definition?.environment, run.aws.environment, {
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
  });
  const { TenantScope } = await import('../../../shared/tenancy/tenant-scope.ts');
  const { tenantKeys } = await import('../../../shared/encryption/data-keys.ts');
  const scope = TenantScope.fromEnvelope({ tenantId });
  return { scope, keys: await tenantKeys(scope) };
}
