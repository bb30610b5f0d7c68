import { teamNotFound } from '../../contract/desk/problems.ts';
import type { FieldError } from '../../contract/kit/define-problem.ts';
import { userNotFound } from '../../contract/problems.ts';
import type { IncidentRule } from '../../contract/schemas/incident-rules.ts';
import { templateNotFound } from '../../contract/templates/problems.ts';
import { type Refusal, refuse } from '../../core/refusal.ts';
import { settleAll } from '../../core/runtime/settle-all.ts';
import { keys } from '../../core/table/keys.ts';
import { tenantTable } from '../../core/table/scoped-table.ts';
import type { Principal } from '../../core/tenancy/principal.ts';
import { readTakingTeam } from '../teams/team-store.ts';
import { visibleTemplate } from '../templates/visible-template.ts';

type Member = 'teamId' | 'templateId' | 'onBehalfOf';

/**
 * Refuses rules with teams, templates or users that do not exist. One that is deleted later is left out of the
 * conversation.
 */
export async function refusalOfRules(
  principal: Principal,
  rules: readonly IncidentRule[],
): Promise<Refusal<typeof teamNotFound | typeof templateNotFound | typeof userNotFound> | undefined> {
  const { scope } = principal;
  const [teams, templates, users] = await settleAll([
    missing(rules, 'teamId', async (id) => (await readTakingTeam(scope, id)) !== undefined),
    missing(rules, 'templateId', async (id) => {
      const template = await visibleTemplate(principal, id);
      return template !== undefined && template.deletedAt === undefined;
    }),
    missing(rules, 'onBehalfOf', async (id) => {
      const access = await tenantTable(scope).get<{ readonly status: string }>(keys.userAccess(id));
      return access?.status === 'active';
    }),
  ]);
  if (teams.length > 0) return refuse(teamNotFound, { errors: teams });
  if (templates.length > 0) return refuse(templateNotFound, { errors: templates });
  return users.length > 0 ? refuse(userNotFound, { errors: users }) : undefined;
}

async function missing(
  rules: readonly IncidentRule[],
  member: Member,
  exists: (id: string) => Promise<boolean>,
): Promise<readonly FieldError[]> {
  const ids = new Set(rules.flatMap(({ then }) => then[member] ?? []));
  const known = new Map(await Promise.all([...ids].map(async (id) => [id, await exists(id)] as const)));
  return rules.flatMap(({ then }, index) => {
    const id = then[member];
    if (id === undefined || known.get(id) === true) return [];
    return [{ pointer: `/rules/${index}/then/${member}`, code: 'custom', detail: details[member] }];
  });
}

const details: Readonly<Record<Member, string>> = {
  teamId: 'must be the id of a team',
  templateId: 'must be the id of a template',
  onBehalfOf: 'must be the id of an active user or guest',
};
