import type { Principal } from '../../core/tenancy/principal.ts';
import type { TenantSettings } from '../tenants/settings.ts';
import type { EditRight } from '../log/change-rules.ts';

/** Applies even if the tenant allows its users more. */
const guestWindowMinutes = 5;

export function editRight(principal: Principal, settings: TenantSettings, liveUntil?: string): EditRight {
  const { editWindowMinutes: ofTenant } = settings;
  const windowMinutes =
    principal.role === 'guest' ? Math.min(guestWindowMinutes, ofTenant ?? guestWindowMinutes) : ofTenant;
  return {
    userId: principal.userId,
    windowMinutes,
    liveUntil: liveUntil === undefined ? undefined : Date.parse(liveUntil),
  };
}
