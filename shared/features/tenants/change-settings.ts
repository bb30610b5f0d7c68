import { now } from '../../core/runtime/clock.ts';
import { absent, type Expression, present } from '../../core/table/expression.ts';
import { keys } from '../../core/table/keys.ts';
import { wakeAttribute } from '../../core/table/schema.ts';
import { tenantTable } from '../../core/table/scoped-table.ts';
import { unitOfWork } from '../../core/table/unit-of-work.ts';
import type { TenantScope } from '../../core/tenancy/tenant-scope.ts';
import { deskSettingMembers, settingsWakeAt } from './desk-settings.ts';
import type { TenantSettingsChange } from './settings-change.ts';
import { sealSettings, switchMails } from './stored-settings.ts';
import { forgetSettings, type SettingsItem } from './tenant-settings.ts';

/**
 * Replaces only the settings in `change`. Other environments see them within 30 seconds. Open conversations and absent
 * agents follow settings of the desk.
 */
export async function changeSettings(scope: TenantScope, change: TenantSettingsChange): Promise<void> {
  const table = tenantTable(scope);
  const sealed = await sealSettings(scope, change);
  for (;;) {
    const before = await table.get<SettingsItem>(keys.tenantSettings(), { consistent: true });
    const settings = { ...before?.settings, ...sealed };
    // If two changes race, the second retries.
    const unchanged =
      before === undefined
        ? absent
        : { expression: `${present.expression} AND #settings = :before`, values: { before: before.settings } };
    const work = unitOfWork(scope).update('settings', keys.tenantSettings(), replacement(settings, change), unchanged);
    const { committed } = await switchMails(work, settings, change).commit();
    if (!committed) continue;
    forgetSettings(scope);
    return;
  }
}

/** Keeps the timer of an earlier change. */
function replacement(settings: object, change: TenantSettingsChange): Expression {
  const concernsDesk = Object.keys(change).some((name) => name in deskSettingMembers);
  return concernsDesk
    ? {
        expression: `SET #settings = :settings, #${wakeAttribute} = :wakeAt`,
        values: { settings, wakeAt: settingsWakeAt(now()) },
      }
    : { expression: 'SET #settings = :settings', values: { settings } };
}

/**
 * Makes whatever has a timer look at what is due, and set the timer again.
 * @returns false if the tenant has no settings.
 */
export async function restartTimers(scope: TenantScope): Promise<boolean> {
  const change = { expression: `SET #${wakeAttribute} = :wakeAt`, values: { wakeAt: now() } };
  const { written } = await tenantTable(scope).update(keys.tenantSettings(), change, present);
  return written;
}
