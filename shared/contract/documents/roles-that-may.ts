import { type Access, permissionsOf } from '../permissions.ts';
import type { Role } from '../schemas/user.ts';

/** Fewest permissions first. */
export function rolesThatMay(access: Access): readonly Role[] {
  const roles = Object.keys(permissionsOf) as Role[];
  if (access === 'public' || access === 'signed-in') return roles;
  return roles.filter((role) => permissionsOf[role].includes(access));
}
