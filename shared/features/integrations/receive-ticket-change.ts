import { senderNotVerified } from '../../contract/integrations/problems.ts';
import type { receiveTicketChange as receiveRoute } from '../../contract/integrations/receive-ticket-change.ts';
import { refuse } from '../../core/refusal.ts';
import { now } from '../../core/runtime/clock.ts';
import { integrationOwnerKey } from '../../core/table/keys.ts';
import { platformTable } from '../../core/table/scoped-table.ts';
import type { UseCase } from '../../core/use-case.ts';
import { findTenantById } from '../tenants/tenant-directory.ts';
import { openSecrets, readIntegration } from './integration-store.ts';
import { storeReceived } from './received-change.ts';
import { deliveryIdOf, isFromSystem } from './sender-signature.ts';

/** Verifies the bytes before it reads them. An unknown integration and a wrong signature get the same answer. */
export const receiveTicketChange: UseCase<typeof receiveRoute> = async ({ integrationId }, { headers, rawBody }) => {
  const owner = await platformTable().get<{ readonly tenantId: string }>(integrationOwnerKey(integrationId));
  const tenant = owner && (await findTenantById(owner.tenantId));
  const integration = tenant && (await readIntegration(tenant.scope, integrationId));
  if (tenant === undefined || integration === undefined) return refuse(senderNotVerified);
  const at = now();
  const { inbound, formerInbound } = await openSecrets(tenant.scope, integration);
  const hasFormer = formerInbound !== undefined && (integration.formerSecretUntil ?? 0) > at;
  const secrets = hasFormer ? [inbound, formerInbound] : [inbound];
  if (!isFromSystem(integration.system.kind, headers, rawBody, secrets)) return refuse(senderNotVerified);
  const deliveryId = deliveryIdOf(headers, rawBody);
  const body = Buffer.from(rawBody).toString('utf8');
  const isNew = await storeReceived(tenant.scope, { integrationId, deliveryId }, body, at);
  return { deliveryId, duplicate: !isNew };
};
