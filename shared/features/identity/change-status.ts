import { isDeskRole } from '../agents/agent-item.ts';
import { illegalTransition, userNotFound } from '../../contract/problems.ts';
import type { User } from '../../contract/schemas/user.ts';
import { userUpdatedEvent } from '../../contract/events/events.ts';
import { type Refusal, refuse } from '../../core/refusal.ts';
import { now } from '../../core/runtime/clock.ts';
import { settleAll } from '../../core/runtime/settle-all.ts';
import { keys as tableKeys } from '../../core/table/keys.ts';
import { type UnitOfWork, unitOfWork } from '../../core/table/unit-of-work.ts';
import type { Principal } from '../../core/tenancy/principal.ts';
import { accountCollection, openProfile, type ProfileRecord } from './account-records.ts';
import { findHolder, type OpenTenant, readAccess, readProfile, uniqueKey } from './account-store.ts';
import { type AccountStatus, type AccountTransition, accountTransitions, judgeTransition } from './account-status.ts';
import { openTenant } from './open-tenant.ts';
import type { AccessRecord } from './session-access.ts';
import { endAllSessions } from './session-store.ts';

type StatusRefusal = Refusal<typeof userNotFound> | Refusal<typeof illegalTransition>;

/** Idempotent. A status that prevents logins also ends the account's sessions, in the same transaction. */
export async function changeStatus(
  principal: Principal,
  userId: string,
  transition: AccountTransition,
): Promise<User | StatusRefusal> {
  const tenant = await openTenant(principal.scope);
  for (;;) {
    const [access, profile] = await settleAll([readAccess(tenant.scope, userId), readProfile(tenant.scope, userId)]);
    if (access === undefined || profile === undefined) return refuse(userNotFound);
    const verdict = judgeTransition(transition, access.status);
    if (verdict === 'refuse') return refuse(illegalTransition, { detail: detailOf(transition, access.status) });
    if (verdict === 'done') return openProfile(tenant.keys, tenant.scope, profile);
    if (userId === principal.userId) {
      return refuse(illegalTransition, { detail: 'You cannot suspend your own account. Ask another administrator.' });
    }
    const changed = await commit(tenant, access, profile, accountTransitions[transition].to);
    if (changed !== undefined) return openProfile(tenant.keys, tenant.scope, changed);
    // The account changed since it was read: retry.
  }
}

async function commit(
  tenant: OpenTenant,
  access: AccessRecord,
  profile: ProfileRecord,
  status: AccountStatus,
): Promise<ProfileRecord | undefined> {
  const after: ProfileRecord = {
    ...profile,
    status,
    collectionPk: accountCollection(status),
    updatedAt: now(),
    revision: profile.revision + 1,
  };
  const work = unitOfWork(tenant.scope).put('profile', tableKeys.user(profile.userId), after, {
    expression: '#revision = :read',
    values: { read: profile.revision },
  });
  setStatus(work, access, status);
  if (isDeskRole(access.role)) {
    work.update('agent', tableKeys.agent(profile.userId), {
      expression: 'SET #canAct = :canAct',
      values: { canAct: status === 'active' },
    });
  }
  if (status === 'rejected') await freeNames(work, tenant, profile);
  const outcome = await work.emit(userUpdatedEvent, { userId: profile.userId, status }).commit();
  return outcome.committed ? after : undefined;
}

function setStatus(work: UnitOfWork, access: AccessRecord, status: AccountStatus): void {
  if (status === 'suspended') {
    endAllSessions(work, access, status);
    return;
  }
  work.update(
    'access',
    tableKeys.userAccess(access.userId),
    { expression: 'SET #status = :status', values: { status } },
    { expression: '#status = :read', values: { read: access.status } },
  );
}

/** The address may already belong to another account. */
async function freeNames(work: UnitOfWork, tenant: OpenTenant, profile: ProfileRecord): Promise<void> {
  const { userId } = profile;
  const { email, username } = openProfile(tenant.keys, tenant.scope, profile);
  const identifier = { kind: 'email', value: email } as const;
  work.delete('username', uniqueKey(tenant, { kind: 'username', value: username }));
  if ((await findHolder(tenant, identifier))?.userId !== userId) return;
  work.delete('email', uniqueKey(tenant, identifier), { expression: '#userId = :userId', values: { userId } });
}

function detailOf(transition: AccountTransition, status: AccountStatus): string {
  return `The account is ${status}. You can only ${transition} accounts that are ${accountTransitions[transition].from}.`;
}
