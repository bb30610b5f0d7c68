import { teamInUse, teamLimitReached, teamNameTaken, teamNotFound } from '../../contract/desk/problems.ts';
import type {
  createTeam as createTeamRoute,
  deleteTeam as deleteTeamRoute,
  listTeams as listTeamsRoute,
  updateTeam as updateTeamRoute,
} from '../../contract/teams/teams.ts';
import { type TenantKeys, tenantKeys } from '../../core/encryption/data-keys.ts';
import { blindIndex, decryptField, encryptField } from '../../core/encryption/field-cipher.ts';
import { refuse } from '../../core/refusal.ts';
import { now, toTimestamp } from '../../core/runtime/clock.ts';
import { newId } from '../../core/runtime/ids.ts';
import { settleAll } from '../../core/runtime/settle-all.ts';
import { absent, type Expression, present } from '../../core/table/expression.ts';
import { keys as tableKeys } from '../../core/table/keys.ts';
import { tenantTable } from '../../core/table/scoped-table.ts';
import { unitOfWork } from '../../core/table/unit-of-work.ts';
import type { TenantScope } from '../../core/tenancy/tenant-scope.ts';
import type { UseCase } from '../../core/use-case.ts';
import { leaveTeam } from '../agents/agent-store.ts';
import { hasOpenConversations } from './team-queue.ts';
import { deletingMs, mostTeams, readTeam, readTeams, type TeamItem } from './team-store.ts';

const takenName = [{ pointer: '/name', code: 'taken', detail: 'is the name of another team' }] as const;

export const listTeams: UseCase<typeof listTeamsRoute> = async ({ scope }) => {
  const [teams, keys] = await settleAll([readTeams(scope), tenantKeys(scope)]);
  return { items: teams.map((team) => viewOf(keys, scope, team)), nextCursor: null };
};

/** Reserves the name in the same transaction. */
export const createTeam: UseCase<typeof createTeamRoute> = async ({ scope }, { name }) => {
  const keys = await tenantKeys(scope);
  if ((await readTeams(scope)).length >= mostTeams) return refuse(teamLimitReached);
  const teamId = newId();
  const team: TeamItem = { teamId, name: sealName(keys, scope, teamId, name), createdAt: now() };
  const outcome = await unitOfWork(scope)
    .put('name', nameKey(keys, name), { teamId }, absent)
    .put('team', tableKeys.team(teamId), team, absent)
    .commit();
  return outcome.committed ? viewOf(keys, scope, team) : refuse(teamNameTaken, { errors: takenName });
};

export const updateTeam: UseCase<typeof updateTeamRoute> = async ({ scope }, { teamId, name }) => {
  const [team, keys] = await settleAll([readTeam(scope, teamId), tenantKeys(scope)]);
  if (team === undefined) return refuse(teamNotFound);
  const old = openName(keys, scope, team);
  const next = { ...team, name: sealName(keys, scope, teamId, name) };
  const work = unitOfWork(scope).put('team', tableKeys.team(teamId), next, {
    expression: '#name = :old',
    values: { old: team.name },
  });
  if (nameKey(keys, old).pk !== nameKey(keys, name).pk) {
    work.put('name', nameKey(keys, name), { teamId }, absent).delete('old name', nameKey(keys, old));
  }
  const outcome = await work.commit();
  if (outcome.committed) return viewOf(keys, scope, next);
  return outcome.failed === 'name' ? refuse(teamNameTaken, { errors: takenName }) : refuse(teamNotFound);
};

/** From the mark on, the team takes no conversation, so none arrives between the look for conversations and the deletion. */
export const deleteTeam: UseCase<typeof deleteTeamRoute> = async (principal, { teamId }) => {
  const { scope } = principal;
  const [team, keys] = await settleAll([readTeam(scope, teamId), tenantKeys(scope)]);
  if (team === undefined) return refuse(teamNotFound);
  const until = now() + deletingMs;
  if (!(await setDeleting(scope, teamId, until, present))) return refuse(teamNotFound);
  const isOwn = { expression: '#deletingUntil = :own', values: { own: until } };
  if (await hasOpenConversations(scope, teamId)) {
    await setDeleting(scope, teamId, 0, isOwn);
    return refuse(teamInUse);
  }
  // Before the deletion, so that a repetition finds the team if this function fails.
  await leaveTeam(scope, teamId);
  const outcome = await unitOfWork(scope)
    .delete('team', tableKeys.team(teamId), isOwn)
    .delete('name', nameKey(keys, openName(keys, scope, team)))
    .commit();
  // Another request deletes the team, or has ended the mark.
  return outcome.committed ? undefined : deleteTeam(principal, { teamId });
};

async function setDeleting(scope: TenantScope, teamId: string, until: number, condition: Expression): Promise<boolean> {
  const change = { expression: 'SET #deletingUntil = :until', values: { until } };
  return (await tenantTable(scope).update(tableKeys.team(teamId), change, condition)).written;
}

function viewOf(keys: TenantKeys, scope: TenantScope, team: TeamItem) {
  return { id: team.teamId, name: openName(keys, scope, team), createdAt: toTimestamp(team.createdAt) };
}

function nameKey(keys: TenantKeys, name: string) {
  return tableKeys.teamName(blindIndex(keys, 'team', name.normalize('NFKC').toLowerCase()));
}

function boundTo(scope: TenantScope, teamId: string): readonly string[] {
  return [scope.tenantId, 'team', teamId, 'name'];
}

function sealName(keys: TenantKeys, scope: TenantScope, teamId: string, name: string): Uint8Array {
  return encryptField(keys, boundTo(scope, teamId), name);
}

function openName(keys: TenantKeys, scope: TenantScope, { teamId, name }: TeamItem): string {
  return decryptField(keys, boundTo(scope, teamId), name);
}
