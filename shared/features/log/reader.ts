import { keys } from '../../core/table/keys.ts';
import { tenantTable } from '../../core/table/scoped-table.ts';
import type { Principal } from '../../core/tenancy/principal.ts';
import type { Reader } from './access.ts';
import type { ConversationItem } from './conversation-item.ts';

/** Returns the principal with the teams that decide about access to a conversation. */
export function readerOf(principal: Principal, item: Pick<ConversationItem, 'kind'>): Promise<Reader> {
  return readersOf(principal)(item);
}

/** Reads the teams of an agent at most once, for several conversations of a request. */
export function readersOf(principal: Principal): (item: Pick<ConversationItem, 'kind'>) => Promise<Reader> {
  const { userId, role, scope } = principal;
  let teams: Promise<readonly string[]> | undefined;
  return async ({ kind }) => {
    if (kind !== 'support' || role !== 'agent') return { userId, role };
    return { userId, role, teams: await (teams ??= teamsOf(scope, userId)) };
  };
}

/** Empty for a user who is not an agent. Reads consistently, so that an agent who left a team can read nothing more. */
export async function teamsOf(scope: Principal['scope'], userId: string): Promise<readonly string[]> {
  const agent = await tenantTable(scope).get<{ readonly teams: readonly string[] }>(keys.agent(userId), {
    consistent: true,
  });
  return agent?.teams ?? [];
}
