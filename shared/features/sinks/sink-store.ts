import { type Sink, sinks } from '../../contract/kit/sinks.ts';
import { ExpiringCache } from '../../core/runtime/expiring-cache.ts';
import { keys } from '../../core/table/keys.ts';
import { tenantTable } from '../../core/table/scoped-table.ts';
import type { UnitOfWork } from '../../core/table/unit-of-work.ts';
import type { TenantScope } from '../../core/tenancy/tenant-scope.ts';

type SinksItem = Readonly<Partial<Record<Sink, boolean>>>;

const cache = new ExpiringCache<readonly Sink[]>({ lifeMs: 30_000, size: 1000 });

/** The sinks that a tenant uses, at most 30 seconds old. */
export function sinksOf(scope: TenantScope): Promise<readonly Sink[]> {
  return cache.get(scope.tenantId, async () => {
    const item = await tenantTable(scope).get<SinksItem>(keys.tenantSinks());
    return sinks.filter((sink) => item?.[sink] === true);
  });
}

/** Belongs into the transaction that creates the tenant’s first destination. Events reach it within 30 seconds. */
export function switchOn(work: UnitOfWork, sink: Sink): UnitOfWork {
  return switchTo(work, sink, true);
}

/** Belongs into the transaction that deletes the tenant’s last destination. */
export function switchOff(work: UnitOfWork, sink: Sink): UnitOfWork {
  return switchTo(work, sink, false);
}

function switchTo(work: UnitOfWork, sink: Sink, value: boolean): UnitOfWork {
  return work.update(`sink ${sink}`, keys.tenantSinks(), {
    expression: `SET #${sink} = :${sink}`,
    values: { [sink]: value },
  });
}
