import { type Access, permissionsOf } from '../../contract/permissions.ts';
import type { Role } from '../../contract/schemas/user.ts';

export function allows(role: Role, access: Access): boolean {
  return access === 'public' || access === 'signed-in' || permissionsOf[role].includes(access);
}
