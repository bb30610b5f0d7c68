import * as z from 'zod/mini';
import { recognisableName } from '../contract/schemas/text.ts';
import { settingMembers } from './settings.ts';

/**
 * Some of the settings, and no standard for the others. This is also what is stored. Apart from the settings themselves,
 * since every function reads those and few need the rule of names, which is long.
 */
export const settingsChangeSchema = z.partial(z.strictObject({ name: recognisableName(100), ...settingMembers }));
export type TenantSettingsChange = z.output<typeof settingsChangeSchema>;
