import type { updateAgent as updateAgentRoute } from '../../../contract/desk/agents.ts';
import { agentNotFound, teamNotFound } from '../../../contract/desk/problems.ts';
import { conversationBusy, forbidden } from '../../../contract/problems.ts';
import { refuse } from '../../../core/refusal.ts';
import { now } from '../../../core/runtime/clock.ts';
import type { Expression } from '../../../core/table/expression.ts';
import { keys } from '../../../core/table/keys.ts';
import { wakeAttribute } from '../../../core/table/schema.ts';
import { tenantTable } from '../../../core/table/scoped-table.ts';
import { allows } from '../../../core/tenancy/permissions.ts';
import type { InputOf, UseCase } from '../../../core/use-case.ts';
import { type AgentItem, leftTeamsAfter } from '../../agents/agent-item.ts';
import { readAgent } from '../../agents/agent-store.ts';
import { readTeam } from '../../teams/team-store.ts';
import { deskSettings } from '../../tenants/desk-settings.ts';
import { graceEnd } from '../assignment/availability-rules.ts';
import { candidateOf, presenceOfAgent } from '../assignment/candidates.ts';
import { agentViewOf } from './agent-view.ts';
import { drainTo } from '../assignment/drain.ts';
import { ensureAgent } from './ensure-agent.ts';

type Change = Omit<InputOf<typeof updateAgentRoute>, 'agentId'>;

/** Only admins change these. */
const ofAdmins = ['maxConcurrent', 'teams', 'skills', 'languages'] as const;
const attempts = 10;

/** An agent who becomes able to take conversations gets waiting ones at once. */
export const updateAgent: UseCase<typeof updateAgentRoute> = async (principal, { agentId, ...change }) => {
  const { scope } = principal;
  const isOwn = agentId === 'me' || agentId === principal.userId;
  const isAdmin = allows(principal.role, 'desk:manage');
  const needsAdmin = ofAdmins.find((member) => change[member] !== undefined);
  if (!isAdmin && (!isOwn || needsAdmin !== undefined)) {
    return refuse(forbidden, {
      detail: isOwn ? `Only admins change \`${needsAdmin ?? ''}\`.` : 'Only admins change other agents.',
    });
  }
  const { awayGraceSeconds } = await deskSettings(scope);
  const graceMs = awayGraceSeconds * 1000;
  for (const [index, teamId] of (change.teams ?? []).entries()) {
    if ((await readTeam(scope, teamId)) === undefined) {
      const detail = 'must be the id of a team';
      return refuse(teamNotFound, { errors: [{ pointer: `/teams/${index}`, code: 'custom', detail }] });
    }
  }
  const userId = isOwn ? principal.userId : agentId;
  for (let attempt = 0; attempt < attempts; attempt += 1) {
    const before = isOwn ? await ensureAgent(principal) : await readAgent(scope, userId);
    if (before === undefined) return refuse(agentNotFound);
    const next = changed(before, change, graceMs, now());
    const { written } = await tenantTable(scope).update(keys.agent(userId), changesOf(before, next), {
      expression: `#availabilityAt = :readAt AND ${
        before.goneSince === undefined ? 'attribute_not_exists(#goneSince)' : '#goneSince = :readGone'
      }`,
      values: {
        readAt: before.availabilityAt,
        ...(before.goneSince === undefined ? {} : { readGone: before.goneSince }),
      },
    });
    if (!written) continue;
    await drainTo(scope, userId);
    return agentViewOf((await readAgent(scope, userId)) ?? next, graceMs, now());
  }
  return refuse(conversationBusy, { retryAfterMs: 500 });
};

/** Writes only the members that differ: the load, the account's state and other members change at the same time. */
function changesOf(before: AgentItem, next: AgentItem): Expression {
  const differing = Object.entries(next).filter(
    ([name, value]) => name === wakeAttribute || value !== before[name as keyof AgentItem],
  );
  const names = Object.fromEntries(differing.map(([name], index) => [`m${index}`, name]));
  const values = Object.fromEntries(differing.map(([, value], index) => [`m${index}`, value]));
  const set = `SET ${differing.map((_, index) => `#m${index} = :m${index}`).join(', ')}`;
  const isWithoutReason = before.reason !== undefined && next.reason === undefined;
  return { expression: isWithoutReason ? `${set} REMOVE #reason` : set, names, values };
}

function changed(before: AgentItem, change: Change, graceMs: number, at: number): AgentItem {
  const { reason, availability = before.availability, ...others } = change;
  const { reason: oldReason, wakeAt: _, goneSince, ...kept } = before;
  const isMoved = availability !== before.availability;
  const shown = reason === undefined ? (isMoved ? undefined : oldReason) : (reason ?? undefined);
  const wasFree = candidateOf(before, graceMs, at).availability === 'online';
  const next: AgentItem = {
    ...kept,
    ...Object.fromEntries(Object.entries(others).filter(([, value]) => value !== undefined)),
    availability,
    availabilityAt: isMoved ? Math.max(at, before.availabilityAt + 1) : before.availabilityAt,
    idleSince: availability === 'online' && !wasFree ? at : before.idleSince,
    ...(shown === undefined ? {} : { reason: shown }),
    ...(goneSince === undefined ? {} : { goneSince }),
    ...(change.teams === undefined ? {} : { leftTeams: leftTeamsAfter(before, change.teams, at) }),
  };
  // Wakes when the grace time ends, or now: if this function fails, the service still looks for conversations.
  return { ...next, wakeAt: graceEnd(presenceOfAgent(next), graceMs) ?? at };
}
