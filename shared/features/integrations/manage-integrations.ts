import { randomBytes } from 'node:crypto';
import {
  integrationInvalid,
  integrationLimitReached,
  integrationNotFound,
} from '../../contract/integrations/problems.ts';
import type {
  createIntegration as createRoute,
  deleteIntegration as deleteRoute,
  getIntegration as getRoute,
  listIntegrations as listRoute,
  updateIntegration as updateRoute,
} from '../../contract/integrations/manage-integrations.ts';
import { type IntegrationSystem, mostIntegrations, ticketRules } from '../../contract/schemas/integration.ts';
import { tenantKeys } from '../../core/encryption/data-keys.ts';
import { type Refusal, refuse } from '../../core/refusal.ts';
import { now } from '../../core/runtime/clock.ts';
import { newId } from '../../core/runtime/ids.ts';
import { absent } from '../../core/table/expression.ts';
import { integrationKeys, integrationOwnerKey } from '../../core/table/integration-keys.ts';
import { platformTable } from '../../core/table/scoped-table.ts';
import { unitOfWork } from '../../core/table/unit-of-work.ts';
import type { UseCase } from '../../core/use-case.ts';
import { switchOff, switchOn } from '../sinks/sink-store.ts';
import { refusalOfAddresses } from './address-checks.ts';
import type { IntegrationItem, IntegrationSecrets } from './integration-item.ts';
import {
  isRevision,
  openGate,
  openSecrets,
  readIntegration,
  readIntegrations,
  sealSecrets,
} from './integration-store.ts';
import { integrationOf } from './integration-view.ts';
import { isSameAccount, needsSecret, secretOf, withoutSecrets } from './secret-rules.ts';

export const listIntegrations: UseCase<typeof listRoute> = async ({ scope }) => {
  const items = await readIntegrations(scope);
  return { items: items.map(integrationOf), nextCursor: null };
};

export const getIntegration: UseCase<typeof getRoute> = async ({ scope }, { integrationId }) => {
  const item = await readIntegration(scope, integrationId);
  return item === undefined ? refuse(integrationNotFound) : integrationOf(item);
};

/** Changes of other systems name no tenant, so the platform stores whose integration it is, before it exists. */
export const createIntegration: UseCase<typeof createRoute> = async ({ scope }, { name, system, rules }) => {
  const refused = refusalOfAddresses(system) ?? refusalOfSecret(system, undefined);
  if (refused !== undefined) return refused;
  if ((await readIntegrations(scope)).length >= mostIntegrations) return refuse(integrationLimitReached);
  const integrationId = newId();
  const inbound = newInboundSecret();
  const credential = secretOf(system.auth);
  const secrets: IntegrationSecrets = { inbound, ...(credential === undefined ? {} : { credential }) };
  const at = now();
  const item: IntegrationItem = {
    integrationId,
    name,
    enabled: true,
    system: withoutSecrets(system),
    rules: rules ?? ticketRules.parse({}),
    secrets: sealSecrets(await tenantKeys(scope), scope, integrationId, secrets),
    createdAt: at,
    updatedAt: at,
    revision: 1,
  };
  await platformTable().put(integrationOwnerKey(integrationId), { tenantId: scope.tenantId });
  const work = unitOfWork(scope).put('integration', integrationKeys.integration(integrationId), item, absent);
  await switchOn(work, 'tickets').commit();
  return { integration: integrationOf(item), inboundSecret: inbound };
};

export const updateIntegration: UseCase<typeof updateRoute> = async (principal, { integrationId, ...change }) => {
  const { scope } = principal;
  const item = await readIntegration(scope, integrationId);
  if (item === undefined) return refuse(integrationNotFound);
  const { name = item.name, enabled = item.enabled, rules = item.rules, system = item.system } = change;
  const refused =
    change.system === undefined
      ? undefined
      : (refusalOfKind(item, change.system) ??
        refusalOfAddresses(change.system) ??
        refusalOfSecret(change.system, item.system));
  if (refused !== undefined) return refused;
  const stored = await openSecrets(scope, item);
  const credential = secretOf(system.auth) ?? stored.credential;
  const secrets = { ...stored, ...(credential === undefined ? {} : { credential }) };
  const next: IntegrationItem = {
    ...item,
    ...{ name, enabled, rules, system: withoutSecrets(system) },
    secrets: sealSecrets(await tenantKeys(scope), scope, integrationId, secrets),
    updatedAt: now(),
    revision: item.revision + 1,
  };
  const key = integrationKeys.integration(integrationId);
  const outcome = await unitOfWork(scope).put('integration', key, next, isRevision(item.revision)).commit();
  // Another request changed or deleted it.
  if (!outcome.committed) return updateIntegration(principal, { integrationId, ...change });
  if (change.system !== undefined) await openGate(scope, integrationId);
  return integrationOf(next);
};

/** Switches the sink off with the last integration. Tickets end when their next turn finds no integration. */
export const deleteIntegration: UseCase<typeof deleteRoute> = async ({ scope }, { integrationId }) => {
  const all = await readIntegrations(scope);
  if (!all.some((item) => item.integrationId === integrationId)) return refuse(integrationNotFound);
  const work = unitOfWork(scope)
    .delete('integration', integrationKeys.integration(integrationId))
    .delete('health', integrationKeys.health(integrationId));
  if (all.length === 1) switchOff(work, 'tickets');
  await work.commit();
  await platformTable().delete(integrationOwnerKey(integrationId));
  return undefined;
};

export function newInboundSecret(): string {
  return randomBytes(32).toString('base64url');
}

function refusalOfSecret(
  { auth, url }: IntegrationSystem,
  stored: IntegrationSystem | undefined,
): Refusal<typeof integrationInvalid> | undefined {
  // Another host would get the secret.
  const keepsSecret = stored?.url === url && isSameAccount(auth, stored.auth);
  if (!needsSecret(auth) || secretOf(auth) !== undefined || keepsSecret) return undefined;
  const error = { pointer: '/system/auth', code: 'missing', detail: 'must contain the secret of the account' };
  return refuse(integrationInvalid, { detail: 'The credentials have no secret.', errors: [error] });
}

function refusalOfKind(
  { system }: IntegrationItem,
  { kind }: IntegrationSystem,
): Refusal<typeof integrationInvalid> | undefined {
  if (kind === system.kind) return undefined;
  const error = {
    pointer: '/system/kind',
    code: 'fixed',
    detail: `must stay ${system.kind}: create another integration`,
  };
  return refuse(integrationInvalid, { detail: 'The kind of system cannot change.', errors: [error] });
}
