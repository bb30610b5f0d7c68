import { userNotFound } from '../../contract/problems.ts';
import type { PersonReference } from '../../contract/schemas/conversation.ts';
import { type Refusal, refuse } from '../../core/refusal.ts';
import type { OpenTenant } from '../identity/account-store.ts';
import { findPeople } from '../identity/find-people.ts';

/** Refuses with a pointer to each person who is not an active user of the tenant. */
export async function namePeople(
  tenant: OpenTenant,
  people: readonly PersonReference[],
): Promise<{ readonly userIds: readonly string[] } | Refusal<typeof userNotFound>> {
  const found = await findPeople(tenant, people);
  const userIds = found.filter((userId) => userId !== undefined);
  if (userIds.length === people.length) return { userIds };
  return refuse(userNotFound, {
    errors: people.flatMap((person, index) =>
      found[index] !== undefined
        ? []
        : [
            {
              pointer: `/participants/${index}/${person.userId === undefined ? 'email' : 'userId'}`,
              code: 'custom',
              detail: 'must be an active user of the tenant',
            },
          ],
    ),
  });
}
