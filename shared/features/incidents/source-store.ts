import type { Authentication } from '../../contract/schemas/incident-authentication.ts';
import type { Grouping, IncidentRule, Mapping } from '../../contract/schemas/incident-rules.ts';
import type { Source, SourceKind } from '../../contract/schemas/incident.ts';
import type { TenantKeys } from '../../core/encryption/data-keys.ts';
import { decryptField, encryptField } from '../../core/encryption/field-cipher.ts';
import { toTimestamp } from '../../core/runtime/clock.ts';
import { incidentKeys } from '../../core/table/integration-keys.ts';
import { tenantTable } from '../../core/table/scoped-table.ts';
import type { TenantScope } from '../../core/tenancy/tenant-scope.ts';

/** A source, stored at `incidentKeys.source`. Times are milliseconds since the epoch. */
export interface SourceItem {
  readonly sourceId: string;
  /** Changes with the item. */
  readonly revision: string;
  readonly kind: SourceKind;
  readonly enabled: boolean;
  readonly authentication: Authentication;
  readonly grouping: Grouping;
  readonly mapping?: Mapping;
  /** Name and rules, encrypted. */
  readonly texts: Uint8Array;
  /** The current secret first. */
  readonly secrets: readonly SealedSecret[];
  readonly createdAt: number;
  readonly updatedAt: number;
}

export interface SealedSecret {
  readonly value: Uint8Array;
  readonly createdAt: number;
  /** Absent for the current secret. */
  readonly expiresAt?: number;
}

export interface SourceTexts {
  readonly name: string;
  readonly rules: readonly IncidentRule[];
}

export const mostSources = 20;

/** Reads consistently. */
export function readSource(scope: TenantScope, sourceId: string): Promise<SourceItem | undefined> {
  return tenantTable(scope).get<SourceItem>(incidentKeys.source(sourceId), { consistent: true });
}

/** All sources, oldest first. Reads consistently. A query returns 1 MB, and rules may be long. */
export async function readSources(scope: TenantScope): Promise<readonly SourceItem[]> {
  const { pk } = incidentKeys.source('');
  const sources: SourceItem[] = [];
  let after: string | undefined;
  do {
    const page = await tenantTable(scope).query<SourceItem>({
      pk,
      consistent: true,
      ...(after === undefined ? {} : { after }),
    });
    sources.push(...page.items);
    after = page.lastSortKey;
  } while (after !== undefined);
  return sources;
}

function boundTo(scope: TenantScope, sourceId: string, field: 'texts' | 'secret'): readonly string[] {
  return [scope.tenantId, 'source', sourceId, field];
}

export function sealTexts(keys: TenantKeys, scope: TenantScope, sourceId: string, texts: SourceTexts): Uint8Array {
  return encryptField(keys, boundTo(scope, sourceId, 'texts'), JSON.stringify(texts));
}

export function openTexts(keys: TenantKeys, scope: TenantScope, { sourceId, texts }: SourceItem): SourceTexts {
  return JSON.parse(decryptField(keys, boundTo(scope, sourceId, 'texts'), texts)) as SourceTexts;
}

export function sealSecret(keys: TenantKeys, scope: TenantScope, sourceId: string, secret: string): Uint8Array {
  return encryptField(keys, boundTo(scope, sourceId, 'secret'), secret);
}

/** The secrets that are valid at a time. */
export function openSecrets(
  keys: TenantKeys,
  scope: TenantScope,
  { sourceId, secrets }: SourceItem,
  at: number,
): readonly string[] {
  return secrets
    .filter((secret) => isValid(secret, at))
    .map(({ value }) => decryptField(keys, boundTo(scope, sourceId, 'secret'), value));
}

export function isValid({ expiresAt }: SealedSecret, at: number): boolean {
  return expiresAt === undefined || expiresAt > at;
}

export function viewOf(keys: TenantKeys, scope: TenantScope, item: SourceItem, at: number): Source {
  const { sourceId, kind, authentication, enabled, grouping, mapping, secrets, createdAt, updatedAt } = item;
  const { name, rules } = openTexts(keys, scope, item);
  return {
    id: sourceId,
    name,
    kind,
    path: `/in/${sourceId}`,
    authentication,
    enabled,
    rules: [...rules],
    grouping,
    ...(mapping === undefined ? {} : { mapping }),
    secrets: secrets
      .filter((secret) => isValid(secret, at))
      .map((secret) => ({
        createdAt: toTimestamp(secret.createdAt),
        ...(secret.expiresAt === undefined ? {} : { expiresAt: toTimestamp(secret.expiresAt) }),
      })),
    createdAt: toTimestamp(createdAt),
    updatedAt: toTimestamp(updatedAt),
  };
}
