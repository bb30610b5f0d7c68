import { integrationNotFound, secretRotating } from '../../contract/integrations/problems.ts';
import type { rotateInboundSecret as rotateRoute } from '../../contract/integrations/manage-integrations.ts';
import { tenantKeys } from '../../core/encryption/data-keys.ts';
import { refuse } from '../../core/refusal.ts';
import { now } from '../../core/runtime/clock.ts';
import { integrationKeys } from '../../core/table/integration-keys.ts';
import { tenantTable } from '../../core/table/scoped-table.ts';
import type { UseCase } from '../../core/use-case.ts';
import type { IntegrationItem, IntegrationSecrets } from './integration-item.ts';
import { isRevision, openSecrets, readIntegration, sealSecrets } from './integration-store.ts';
import { integrationOf } from './integration-view.ts';
import { newInboundSecret } from './manage-integrations.ts';

const hour = 3_600_000;

/** With an overlap of 0, the former secret ends at once, also during a rotation. */
export const rotateInboundSecret: UseCase<typeof rotateRoute> = async (principal, { integrationId, overlapHours }) => {
  const { scope } = principal;
  const item = await readIntegration(scope, integrationId);
  if (item === undefined) return refuse(integrationNotFound);
  const at = now();
  const remaining = (item.formerSecretUntil ?? 0) - at;
  if (remaining > 0 && overlapHours > 0) return refuse(secretRotating, { retryAfterMs: remaining });
  const { formerInbound: _, ...stored } = await openSecrets(scope, item);
  const inbound = newInboundSecret();
  const secrets: IntegrationSecrets = {
    ...stored,
    inbound,
    ...(overlapHours === 0 ? {} : { formerInbound: stored.inbound }),
  };
  const { formerSecretUntil: _until, ...kept } = item;
  const next: IntegrationItem = {
    ...kept,
    secrets: sealSecrets(await tenantKeys(scope), scope, integrationId, secrets),
    ...(overlapHours === 0 ? {} : { formerSecretUntil: at + overlapHours * hour }),
    updatedAt: at,
    revision: item.revision + 1,
  };
  const key = integrationKeys.integration(integrationId);
  const outcome = await tenantTable(scope).put(key, next, isRevision(item.revision));
  if (!outcome.written) return rotateInboundSecret(principal, { integrationId, overlapHours });
  return { integration: integrationOf(next), inboundSecret: inbound };
};
