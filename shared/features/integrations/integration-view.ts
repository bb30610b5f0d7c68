import type { IntegrationView } from '../../contract/schemas/integration.ts';
import { now, toTimestamp } from '../../core/runtime/clock.ts';
import type { IntegrationItem } from './integration-item.ts';

export function integrationOf(item: IntegrationItem): IntegrationView {
  const { integrationId, name, enabled, system, rules, formerSecretUntil, createdAt, updatedAt } = item;
  return {
    id: integrationId,
    name,
    enabled,
    system,
    rules,
    inboundPath: `/api/v1/tickets/${integrationId}`,
    ...(formerSecretUntil === undefined || formerSecretUntil <= now()
      ? {}
      : { formerSecretUntil: toTimestamp(formerSecretUntil) }),
    createdAt: toTimestamp(createdAt),
    updatedAt: toTimestamp(updatedAt),
  };
}
