import { tenantKeys } from '../../core/encryption/data-keys.ts';
import { now } from '../../core/runtime/clock.ts';
import { absent, type Expression, present } from '../../core/table/expression.ts';
import { keys } from '../../core/table/keys.ts';
import { wakeAttribute } from '../../core/table/schema.ts';
import { tenantTable } from '../../core/table/scoped-table.ts';
import type { TenantScope } from '../../core/tenancy/tenant-scope.ts';
import { deskSettingMembers, settingsWakeAt } from './desk-settings.ts';
import { sealOnCall } from './on-call-setting.ts';
import type { StoredSettings, TenantSettingsChange } from './settings-change.ts';
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
    const { written } = await table.update(keys.tenantSettings(), replacement(settings, change), unchanged);
    if (!written) continue;
    forgetSettings(scope);
    return;
  }
}

/** Encrypts the contact data in settings. */
export async function sealSettings(
  scope: TenantScope,
  { onCall, ...others }: TenantSettingsChange,
): Promise<StoredSettings> {
  return onCall === undefined ? others : { ...others, onCall: sealOnCall(await tenantKeys(scope), scope, onCall) };
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
