import { changeTooLarge, senderNotVerified, tooManyChanges } from '../../contract/integrations/problems.ts';
import {
  largestChange,
  type receiveTicketChange as receiveRoute,
} from '../../contract/integrations/receive-ticket-change.ts';
import { refuse } from '../../core/refusal.ts';
import { now } from '../../core/runtime/clock.ts';
import { integrationOwnerKey } from '../../core/table/integration-keys.ts';
import { platformTable } from '../../core/table/scoped-table.ts';
import type { UseCase } from '../../core/use-case.ts';
import { countAttempt, tenantBucket } from '../identity/attempt-counter.ts';
import type { AttemptLimit } from '../identity/attempt-limits.ts';
import { findTenantById } from '../tenants/tenant-directory.ts';
import { openSecrets, readIntegration } from './integration-store.ts';
import { storeReceived } from './received-change.ts';
import { deliveryIdOf, isFromSystem } from './sender-signature.ts';

export const changeLimit: AttemptLimit = { name: 'ticket-change', burst: 300, intervalMs: 200 };

/** Verifies the bytes before it reads them. An unknown integration and a wrong signature get the same answer. */
export const receiveTicketChange: UseCase<typeof receiveRoute> = async ({ integrationId }, { headers, bytes }) => {
  if (bytes.length > largestChange) return refuse(changeTooLarge);
  const owner = await platformTable().get<{ readonly tenantId: string }>(integrationOwnerKey(integrationId));
  const tenant = owner && (await findTenantById(owner.tenantId));
  const integration = tenant && (await readIntegration(tenant.scope, integrationId));
  if (tenant === undefined || integration === undefined) return refuse(senderNotVerified);
  const at = now();
  const { inbound, formerInbound } = await openSecrets(tenant.scope, integration);
  const hasFormer = formerInbound !== undefined && (integration.formerSecretUntil ?? 0) > at;
  const secrets = hasFormer ? [inbound, formerInbound] : [inbound];
  if (!isFromSystem(integration.system.kind, headers, bytes, secrets)) return refuse(senderNotVerified);
  const retryAfterMs = await countAttempt(tenantBucket(tenant.scope, changeLimit, integrationId));
  if (retryAfterMs > 0) return refuse(tooManyChanges, { retryAfterMs });
  const deliveryId = deliveryIdOf(headers, bytes);
  const body = Buffer.from(bytes).toString('utf8');
  const isNew = await storeReceived(tenant.scope, { integrationId, deliveryId }, body, at);
  return { deliveryId, duplicate: !isNew };
};
