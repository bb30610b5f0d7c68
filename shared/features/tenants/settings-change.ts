import * as z from 'zod/mini';
import { recognisableName } from '../../contract/schemas/text.ts';
import { settingMembers } from './settings.ts';

/**
 * Some of the settings, without defaults for the others; also the stored form. It has a file of its own because every
 * function reads the settings, and few need the long rule for names.
 */
export const settingsChangeSchema = z.partial(z.strictObject({ name: recognisableName(100), ...settingMembers }));
export type TenantSettingsChange = z.output<typeof settingsChangeSchema>;
