import { mostDeskChanges } from '../../contract/schemas/since.ts';
import { now } from '../../core/runtime/clock.ts';
import { keys, lastDeskChange } from '../../core/table/keys.ts';
import { tenantTable } from '../../core/table/scoped-table.ts';
import { allows } from '../../core/tenancy/permissions.ts';
import type { Principal } from '../../core/tenancy/principal.ts';
import { readAgent } from '../agents/agent-store.ts';
import { openConversationsOf } from '../teams/team-queue.ts';
import { daysSince, type DatedDeskChange, lost, newestChanges, startOfDeskChanges } from './desk-changes-rules.ts';
import type { MembershipChange, Since } from './since-rules.ts';

/** A page has thousands of these items. */
const furtherPages = 4;

/**
 * Returns the newest change of each support conversation since then, also of those that the caller cannot open, and the
 * changes that may have ended the caller's access. Empty unless the caller is an agent.
 * @returns `unknown` if there are too many changes, or the oldest have expired.
 */
export async function deskChangesSince(
  principal: Principal,
  since: Since,
): Promise<readonly MembershipChange[] | 'unknown'> {
  const { scope, userId, role } = principal;
  if (!allows(role, 'desk:work')) return [];
  const at = now();
  const from = startOfDeskChanges(since, at);
  if (from === undefined) return 'unknown';
  const found: DatedDeskChange[] = [];
  const days = daysSince(from, at);
  let pages = 0;
  for (const day of days) {
    let after: string | undefined;
    do {
      if ((pages += 1) > days.length + furtherPages) return 'unknown';
      const page = await tenantTable(scope).query<DatedDeskChange>({
        pk: keys.deskChange(day, 0, '').pk,
        between: [keys.deskChange(day, from, '').sk, lastDeskChange],
        consistent: true,
        ...(after === undefined ? {} : { after }),
      });
      found.push(...page.items);
      after = page.lastSortKey;
    } while (after !== undefined);
  }
  const agent = await readAgent(scope, userId);
  const reader = { userId, role, teams: agent?.teams ?? [] };
  const changes = [...newestChanges(found, reader)];
  for (const { teamId, at: leftAt } of agent?.leftTeams ?? []) {
    if (leftAt < from) continue;
    for await (const placed of openConversationsOf(scope, teamId)) {
      changes.push(...placed.map(({ conversationId }) => lost(conversationId, leftAt)));
      if (changes.length > mostDeskChanges) return 'unknown';
    }
  }
  return changes.length > mostDeskChanges ? 'unknown' : changes;
}
