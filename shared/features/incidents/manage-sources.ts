import { randomBytes } from 'node:crypto';
import { rotationOpen, sourceLimitReached, sourceNotFound } from '../../contract/incidents/problems.ts';
import type {
  createIncidentSource as createRoute,
  deleteIncidentSource as deleteRoute,
  getIncidentSource as getRoute,
  listIncidentSources as listRoute,
  rotateIncidentSecret as rotateRoute,
  updateIncidentSource as updateRoute,
} from '../../contract/incidents/sources.ts';
import { tenantKeys } from '../../core/encryption/data-keys.ts';
import { refuse } from '../../core/refusal.ts';
import { now } from '../../core/runtime/clock.ts';
import { newId } from '../../core/runtime/ids.ts';
import { settleAll } from '../../core/runtime/settle-all.ts';
import { absent, type Expression, present } from '../../core/table/expression.ts';
import { incidentKeys } from '../../core/table/integration-keys.ts';
import { tenantTable } from '../../core/table/scoped-table.ts';
import type { TenantScope } from '../../core/tenancy/tenant-scope.ts';
import type { UseCase } from '../../core/use-case.ts';
import { secretFrom } from './authentication-rules.ts';
import { refusalOfRules } from './unknown-references.ts';
import { registerSource, unregisterSource } from './source-directory.ts';
import {
  isValid,
  mostSources,
  openTexts,
  readSource,
  readSources,
  sealSecret,
  sealTexts,
  type SourceItem,
  viewOf,
} from './source-store.ts';

const secretBytes = 32;
const hourMs = 60 * 60 * 1000;

export const listIncidentSources: UseCase<typeof listRoute> = async ({ scope }) => {
  const [sources, keys] = await settleAll([readSources(scope), tenantKeys(scope)]);
  return { items: sources.map((source) => viewOf(keys, scope, source, now())), nextCursor: null };
};

export const getIncidentSource: UseCase<typeof getRoute> = async ({ scope }, { sourceId }) => {
  const [source, keys] = await settleAll([readSource(scope, sourceId), tenantKeys(scope)]);
  return source === undefined ? refuse(sourceNotFound) : viewOf(keys, scope, source, now());
};

/** Registers the source first. A registration without a source accepts nothing. */
export const createIncidentSource: UseCase<typeof createRoute> = async (principal, input) => {
  const { scope } = principal;
  const { name, kind, authentication, rules, grouping, mapping } = input;
  const invalid = await refusalOfRules(principal, rules);
  if (invalid !== undefined) return invalid;
  const [sources, keys] = await settleAll([readSources(scope), tenantKeys(scope)]);
  if (sources.length >= mostSources) return refuse(sourceLimitReached);
  const sourceId = newId();
  const secret = input.secret ?? secretFrom(authentication, randomBytes(secretBytes));
  const at = now();
  const source: SourceItem = {
    ...{ sourceId, revision: newId(), kind, authentication, grouping, enabled: true, createdAt: at, updatedAt: at },
    ...(mapping === undefined ? {} : { mapping }),
    texts: sealTexts(keys, scope, sourceId, { name, rules }),
    secrets: [{ value: sealSecret(keys, scope, sourceId, secret), createdAt: at }],
  };
  await registerSource(scope, sourceId);
  await tenantTable(scope).put(incidentKeys.source(sourceId), source, absent);
  return { source: viewOf(keys, scope, source, at), ...(input.secret === undefined ? { secret } : {}) };
};

export const updateIncidentSource: UseCase<typeof updateRoute> = async (principal, { sourceId, ...change }) => {
  const { scope } = principal;
  const [source, keys] = await settleAll([readSource(scope, sourceId), tenantKeys(scope)]);
  if (source === undefined) return refuse(sourceNotFound);
  const texts = openTexts(keys, scope, source);
  const { name = texts.name, rules = texts.rules, ...others } = change;
  const invalid = change.rules && (await refusalOfRules(principal, change.rules));
  if (invalid !== undefined) return invalid;
  const next: SourceItem = {
    ...source,
    revision: newId(),
    ...(Object.fromEntries(Object.entries(others).filter(([, value]) => value !== undefined)) as Partial<SourceItem>),
    texts: sealTexts(keys, scope, sourceId, { name, rules }),
    updatedAt: now(),
  };
  const replaced = await replace(scope, source, next);
  return replaced ? viewOf(keys, scope, next, now()) : updateIncidentSource(principal, { sourceId, ...change });
};

/** The source is gone at once. Its deliveries expire. */
export const deleteIncidentSource: UseCase<typeof deleteRoute> = async ({ scope }, { sourceId }) => {
  const deleted = await tenantTable(scope).delete(incidentKeys.source(sourceId), present);
  if (!deleted.written) return refuse(sourceNotFound);
  await unregisterSource(sourceId);
};

export const rotateIncidentSecret: UseCase<typeof rotateRoute> = async (principal, input) => {
  const { scope } = principal;
  const { sourceId, overlapHours, force } = input;
  const [source, keys] = await settleAll([readSource(scope, sourceId), tenantKeys(scope)]);
  if (source === undefined) return refuse(sourceNotFound);
  const at = now();
  const [current, former] = source.secrets;
  if (former !== undefined && isValid(former, at) && force !== true) return refuse(rotationOpen);
  const secret = input.secret ?? secretFrom(source.authentication, randomBytes(secretBytes));
  const kept =
    current === undefined || overlapHours === 0 ? [] : [{ ...current, expiresAt: at + overlapHours * hourMs }];
  const next: SourceItem = {
    ...source,
    revision: newId(),
    secrets: [{ value: sealSecret(keys, scope, sourceId, secret), createdAt: at }, ...kept],
    updatedAt: at,
  };
  if (!(await replace(scope, source, next))) return rotateIncidentSecret(principal, input);
  return { source: viewOf(keys, scope, next, at), ...(input.secret === undefined ? { secret } : {}) };
};

/** False if another request has changed the source since. */
async function replace(scope: TenantScope, { sourceId, revision }: SourceItem, next: SourceItem): Promise<boolean> {
  const unchanged: Expression = { expression: '#revision = :revision', values: { revision } };
  return (await tenantTable(scope).put(incidentKeys.source(sourceId), next, unchanged)).written;
}
