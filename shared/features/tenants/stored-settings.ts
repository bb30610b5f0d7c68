import { tenantKeys } from '../../core/encryption/data-keys.ts';
import type { UnitOfWork } from '../../core/table/unit-of-work.ts';
import type { TenantScope } from '../../core/tenancy/tenant-scope.ts';
import { switchOff, switchOn } from '../sinks/sink-store.ts';
import { sealOnCall } from './on-call-setting.ts';
import type { StoredSettings, TenantSettingsChange } from './settings-change.ts';

/** Encrypts the contact data in settings. */
export async function sealSettings(
  scope: TenantScope,
  { onCall, ...others }: TenantSettingsChange,
): Promise<StoredSettings> {
  return onCall === undefined ? others : { ...others, onCall: sealOnCall(await tenantKeys(scope), scope, onCall) };
}

/** Events lead to mails only while the settings need some. Adds nothing unless `change` concerns mails. */
export function switchMails(work: UnitOfWork, settings: StoredSettings, change: TenantSettingsChange): UnitOfWork {
  if (change.onCall === undefined && change.notificationMails === undefined) return work;
  const { onCall, notificationMails } = settings;
  const isOnCall = onCall !== undefined && (onCall.userIds.length > 0 || onCall.sealedEmails !== undefined);
  return isOnCall || notificationMails === 'on' ? switchOn(work, 'mail') : switchOff(work, 'mail');
}
