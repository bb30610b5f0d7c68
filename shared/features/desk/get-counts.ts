import type { getCounts as getCountsRoute } from '../../contract/desk/counts.ts';
import { priorities } from '../../contract/schemas/support.ts';
import { settleAll } from '../../core/runtime/settle-all.ts';
import { keys } from '../../core/table/keys.ts';
import { tenantTable } from '../../core/table/scoped-table.ts';
import type { TenantScope } from '../../core/tenancy/tenant-scope.ts';
import type { UseCase } from '../../core/use-case.ts';
import { readAgent } from '../agents/agent-store.ts';
import { countNames } from './queue-rules.ts';
import { reachableTeams } from './reachable-teams.ts';

type Counters = Readonly<Record<string, number>>;

/** Reads the counters consistently, with one call for each team. */
export const getCounts: UseCase<typeof getCountsRoute> = async (principal, { teamId }) => {
  const { scope, userId } = principal;
  const [teams, agent] = await settleAll([reachableTeams(principal), readAgent(scope, userId)]);
  const wanted = teams.filter((each) => teamId === undefined || each === teamId);
  const counters = await settleAll(wanted.map((each) => countersOf(scope, each)));
  const total = (isCounted: (counter: (typeof countNames)[number]) => boolean): number =>
    countNames
      .filter(isCounted)
      .reduce((sum, { name }) => sum + counters.reduce((all, each) => all + (each[name] ?? 0), 0), 0);
  const ofStatus = (status: string) => total((counter) => counter.status === status);
  const isOpen = (status: string) => status === 'waiting' || status === 'active';
  return {
    mine: agent?.load ?? 0,
    unassigned: ofStatus('waiting'),
    all: total(({ status }) => isOpen(status)),
    byStatus: {
      waiting: ofStatus('waiting'),
      active: ofStatus('active'),
      resolved: ofStatus('resolved'),
      closed: ofStatus('closed'),
    },
    byPriority: Object.fromEntries(
      priorities.map((priority) => [priority, total((each) => each.priority === priority && isOpen(each.status))]),
    ) as Record<(typeof priorities)[number], number>,
  };
};

async function countersOf(scope: TenantScope, teamId: string | undefined): Promise<Counters> {
  const { pk } = keys.queueCounts(teamId, 0);
  const { items } = await tenantTable(scope).query<Counters>({ pk, consistent: true });
  const sums: Record<string, number> = {};
  for (const item of items) {
    for (const { name } of countNames) sums[name] = (sums[name] ?? 0) + (item[name] ?? 0);
  }
  return sums;
}
