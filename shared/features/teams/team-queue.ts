import { keys } from '../../core/table/keys.ts';
import { tenantTable } from '../../core/table/scoped-table.ts';
import type { TenantScope } from '../../core/tenancy/tenant-scope.ts';

interface Placed {
  readonly conversationId: string;
  readonly teamId?: string;
  readonly assigneeId?: string;
}

/** Pages of a team's conversations that are not closed. Reads consistently. */
export async function* openConversationsOf(
  scope: TenantScope,
  teamId: string,
  statuses: readonly string[] = ['waiting', 'active', 'resolved'],
  limit = 100,
): AsyncGenerator<readonly Placed[]> {
  for (const status of statuses) {
    const { pk } = keys.queue(`S#${teamId}#${status}`, '');
    let after: string | undefined;
    do {
      const page = await tenantTable(scope).query<Placed>({
        pk,
        limit,
        consistent: true,
        ...(after === undefined ? {} : { after }),
      });
      yield page.items;
      after = page.lastSortKey;
    } while (after !== undefined);
  }
}

/** Whether the team has a conversation that waits or is active. */
export async function hasOpenConversations(scope: TenantScope, teamId: string): Promise<boolean> {
  for await (const page of openConversationsOf(scope, teamId, ['waiting', 'active'], 1)) {
    if (page.length > 0) return true;
  }
  return false;
}
