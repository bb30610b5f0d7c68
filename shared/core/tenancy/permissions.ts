import type { Access } from '../../contract/kit/define-route.ts';
import type { Role } from '../../contract/schemas/user.ts';

const rank: Readonly<Record<Access, number>> = { public: 0, guest: 1, member: 2, agent: 3, admin: 4, staff: 5 };

/** Whether a role may use an operation: each role includes those below it. */
export function allows(role: Role, access: Access): boolean {
  return rank[role] >= rank[access];
}
