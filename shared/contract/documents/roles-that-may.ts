import { type Access, permissionsOf } from '../permissions.ts';
import type { Role } from '../schemas/user.ts';

/** The roles that may use an operation, from the fewest permissions to the most. */
export function rolesThatMay(access: Access): readonly Role[] {
  const roles = Object.keys(permissionsOf) as Role[];
  if (access === 'public' || access === 'signed-in') return roles;
  return roles.filter((role) => permissionsOf[role].includes(access));
}
