import { now } from '../../core/runtime/clock.ts';
import { absent } from '../../core/table/expression.ts';
import { keys } from '../../core/table/keys.ts';
import { tenantTable } from '../../core/table/scoped-table.ts';
import { unitOfWork } from '../../core/table/unit-of-work.ts';
import type { Principal } from '../../core/tenancy/principal.ts';
import type { TenantScope } from '../../core/tenancy/tenant-scope.ts';

interface TemplateUses {
  readonly uses: number;
}

/** A day longer than clients may repeat a send. */
const useLifeSeconds = 31 * 24 * 60 * 60;

/**
 * Counts a use once for each message of the user. The counter belongs to the caller's tenant, also for global templates,
 * so that no tenant learns of another tenant's use.
 */
export async function countUse(
  { scope, userId }: Pick<Principal, 'scope' | 'userId'>,
  templateId: string,
  clientMessageId: string,
): Promise<void> {
  const expiresAt = Math.ceil(now() / 1000) + useLifeSeconds;
  const outcome = await unitOfWork(scope)
    .put('use', keys.templateUse(userId, clientMessageId, templateId), { expiresAt }, absent)
    .update('uses', keys.templateUses(templateId), { expression: 'ADD #uses :one', values: { one: 1 } })
    .commit();
  if (!outcome.committed && outcome.failed !== 'use') throw new Error('A use without a condition failed');
}

/** By template. Templates that were never used are absent. Reads consistently. */
export async function countsOfUses(
  scope: TenantScope,
  templateIds: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  const names = new Map(templateIds.map((templateId) => [keys.templateUses(templateId).pk, templateId]));
  const items = await tenantTable(scope).batchGet<TemplateUses>(
    [...names.values()].map((templateId) => keys.templateUses(templateId)),
    { consistent: true },
  );
  return new Map(items.map(({ pk, uses }) => [names.get(pk) ?? '', uses]));
}
