import * as z from 'zod/mini';
import { awayGraceSeconds, defaultAwayGraceSeconds } from '../../contract/schemas/availability.ts';
import { calendar } from '../../contract/schemas/calendar.ts';
import { defaultEscalation, escalation } from '../../contract/schemas/escalation.ts';
import { onCall } from '../../contract/schemas/on-call.ts';
import { defaultSlaPausesForCustomer, slaPausesForCustomer, slaPolicy } from '../../contract/schemas/sla-policy.ts';
import { ExpiringCache } from '../../core/runtime/expiring-cache.ts';
import { keys } from '../../core/table/keys.ts';
import { tenantTable } from '../../core/table/scoped-table.ts';
import type { TenantScope } from '../../core/tenancy/tenant-scope.ts';
import { storedOnCall } from './on-call-setting.ts';

/** The settings of the desk. Separate from the others, because functions that only send messages do not need them. */
export const deskSettingMembers = {
  /** Whether waiting conversations are assigned to available agents automatically. */
  autoAssign: z.enum(['on', 'off']),
  awayGraceSeconds,
  /** Hours in which a message reopens a resolved conversation. It is closed afterwards. */
  reopenWindowHours: z.int().check(z.minimum(0), z.maximum(8760)),
  sla: slaPolicy,
  slaPausesForCustomer,
  calendar,
  escalation,
  onCall,
};

const deskSettingsSchema = z.object({
  autoAssign: z._default(deskSettingMembers.autoAssign, 'on'),
  awayGraceSeconds: z._default(awayGraceSeconds, defaultAwayGraceSeconds),
  reopenWindowHours: z._default(deskSettingMembers.reopenWindowHours, 72),
  sla: z._default(slaPolicy, {}),
  slaPausesForCustomer: z._default(slaPausesForCustomer, defaultSlaPausesForCustomer),
  calendar: z._default(calendar, 'always'),
  escalation: z._default(escalation, defaultEscalation),
  onCall: z._default(storedOnCall, { userIds: [] }),
});
export type DeskSettings = z.output<typeof deskSettingsSchema>;

const lifeMs = 30_000;
const cache = new ExpiringCache<DeskSettings>({ lifeMs, size: 1000 });

/**
 * The timer of the settings' item after a change at the given time. When it is due, every function has the new settings,
 * and open conversations follow them.
 */
export function settingsWakeAt(at: number): number {
  return at + lifeMs + 1000;
}

/** Returns settings with defaults, at most 30 seconds old. */
export function deskSettings(scope: TenantScope): Promise<DeskSettings> {
  return cache.get(scope.tenantId, () => loadDeskSettings(scope));
}

/** Returns the current settings with defaults. */
export async function loadDeskSettings(scope: TenantScope): Promise<DeskSettings> {
  const item = await tenantTable(scope).get<{ readonly settings: unknown }>(keys.tenantSettings());
  return deskSettingsSchema.parse(item?.settings ?? {});
}
