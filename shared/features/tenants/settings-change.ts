import * as z from 'zod/mini';
import { recognisableName } from '../../contract/schemas/text.ts';
import { settingMembers } from './settings.ts';

/**
 * A partial set of settings without defaults, which is also the stored form. In its own file, because every function
 * reads the settings, but few need the large rule for names.
 */
export const settingsChangeSchema = z.partial(z.strictObject({ name: recognisableName(100), ...settingMembers }));
export type TenantSettingsChange = z.output<typeof settingsChangeSchema>;
