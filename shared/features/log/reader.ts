import { ExpiringCache } from '../../core/runtime/expiring-cache.ts';
import { keys } from '../../core/table/keys.ts';
import { tenantTable } from '../../core/table/scoped-table.ts';
import type { Principal } from '../../core/tenancy/principal.ts';
import type { Reader } from './access.ts';
import type { ConversationItem } from './conversation-item.ts';

/** A change of an agent's teams takes effect within this time. */
const teams = new ExpiringCache<readonly string[]>({ lifeMs: 5_000, size: 1000 });

/** Returns the principal with the teams that decide about access to a conversation. */
export async function readerOf(principal: Principal, item: Pick<ConversationItem, 'kind'>): Promise<Reader> {
  const { userId, role, scope } = principal;
  if (item.kind !== 'support' || role !== 'agent') return { userId, role };
  return { userId, role, teams: await teamsOf(scope, userId) };
}

/** Empty for a user who is not an agent. At most 5 seconds old. */
export function teamsOf(scope: Principal['scope'], userId: string): Promise<readonly string[]> {
  return teams.get(`${scope.tenantId}/${userId}`, async () => {
    const agent = await tenantTable(scope).get<{ readonly teams: readonly string[] }>(keys.agent(userId), {
      consistent: true,
    });
    return agent?.teams ?? [];
  });
}
