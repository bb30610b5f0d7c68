import { passwordChangedEvent } from '../../contract/events/events.ts';
import { now } from '../../core/runtime/clock.ts';
import type { Expression } from '../../core/table/expression.ts';
import { keys as tableKeys } from '../../core/table/keys.ts';
import { tenantTable } from '../../core/table/scoped-table.ts';
import type { UnitOfWork } from '../../core/table/unit-of-work.ts';
import type { TenantScope } from '../../core/tenancy/tenant-scope.ts';
import type { CredentialsRecord } from './account-records.ts';
import type { Account } from './account-store.ts';
import { hashPassword } from './password-hash.ts';

/** A concurrent change of the password wins. */
export async function replaceHash(
  scope: TenantScope,
  { access, credentials }: Account,
  password: string,
): Promise<void> {
  const passwordHash = await hashPassword(password);
  await tenantTable(scope).update(
    tableKeys.userCredentials(access.userId),
    { expression: 'SET #passwordHash = :hash', values: { hash: passwordHash } },
    unchanged(credentials),
  );
}

/** Fails if the password has changed since it was read. The owner gets a mail. */
export function setPassword(
  work: UnitOfWork,
  userId: string,
  credentials: CredentialsRecord,
  passwordHash: string,
): UnitOfWork {
  return work
    .update(
      'credentials',
      tableKeys.userCredentials(userId),
      {
        expression: 'SET #passwordHash = :hash, #revision = :revision, #changedAt = :at',
        values: { hash: passwordHash, revision: credentials.revision + 1, at: now() },
      },
      unchanged(credentials),
    )
    .emit(passwordChangedEvent, { userId });
}

function unchanged(credentials: CredentialsRecord): Expression {
  return { expression: '#revision = :read', values: { read: credentials.revision } };
}
