import { DescribeKeyCommand, KMSClient } from '@aws-sdk/client-kms';
import { type getHealth as getHealthRoute, unhealthy } from '../../contract/health/get-health.ts';
import { refuse } from '../../core/refusal.ts';
import { log } from '../../core/runtime/logger.ts';
import { config } from '../../core/runtime/config.ts';
import { settleAll } from '../../core/runtime/settle-all.ts';
import { platformKeys } from '../../core/table/keys.ts';
import { platformTable } from '../../core/table/scoped-table.ts';
import type { UseCase } from '../../core/use-case.ts';
import { platformTenant } from '../tenants/tenant-directory.ts';
import { callLimits } from '../../core/runtime/call-limits.ts';

const kms = new KMSClient({ maxAttempts: 2, requestHandler: callLimits });

/** Checks the table and KMS. */
export const getHealth: UseCase<typeof getHealthRoute> = async () => {
  const [table, keys] = await settleAll([check('table', readTable), check('keys', describeKey)]);
  if (table === 'ok' && keys === 'ok') return { status: 'ok', checks: { table, keys } };
  const failed = Object.entries({ table, keys }).filter(([, result]) => result === 'failed');
  return refuse(unhealthy, { detail: `Failed: ${failed.map(([name]) => name).join(', ')}.` });
};

async function check(name: string, probe: () => Promise<void>): Promise<'ok' | 'failed'> {
  try {
    await probe();
    return 'ok';
  } catch (error) {
    log('error', 'health.failed', { operation: name }, error);
    return 'failed';
  }
}

async function readTable(): Promise<void> {
  await platformTable().get(platformKeys.tenant(platformTenant.tenantId));
}

async function describeKey(): Promise<void> {
  const { KeyMetadata: key } = await kms.send(new DescribeKeyCommand({ KeyId: config.dataKeyId }));
  if (key?.KeyState !== 'Enabled') throw new Error('The key of the tenants’ data keys is not enabled');
}
