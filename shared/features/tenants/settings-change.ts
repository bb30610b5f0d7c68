import * as z from 'zod/mini';
import { recognisableName } from '../../contract/schemas/text.ts';
import { deskSettingMembers } from './desk-settings.ts';
import { mailSettingMembers } from './mail-settings.ts';
import type { StoredOnCall } from './on-call-setting.ts';
import { settingMembers } from './settings.ts';

/** In its own file, because few functions need the large rule for names. */
export const settingsChangeSchema = z.partial(
  z.strictObject({ name: recognisableName(100), ...settingMembers, ...deskSettingMembers, ...mailSettingMembers }),
);
export type TenantSettingsChange = z.output<typeof settingsChangeSchema>;

export type StoredSettings = Omit<TenantSettingsChange, 'onCall'> & { readonly onCall?: StoredOnCall };
