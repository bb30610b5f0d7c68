import * as z from 'zod/mini';
import { defineProblem, type ProblemBody } from '../../contract/kit/define-problem.ts';
import type { ConversationVerdict } from '../checkpoints/verify-conversation.ts';
import { email } from '../../contract/schemas/email.ts';
import { conversationId, tenantSlug } from '../../contract/schemas/ids.ts';
import { newTemplate } from '../../contract/schemas/template.ts';
import type { OnCall } from '../../contract/schemas/on-call.ts';
import { text } from '../../contract/schemas/text.ts';
import { newPassword, personName, type User, username } from '../../contract/schemas/user.ts';
import type { LoadedTemplate } from '../templates/load-templates.ts';
import type { DeskSettings } from '../tenants/desk-settings.ts';
import type { MailSettings } from '../tenants/mail-settings.ts';
import type { TenantSettings } from '../tenants/settings.ts';
import { settingsChangeSchema } from '../tenants/settings-change.ts';
import type { TenantRecord } from '../tenants/tenant-directory.ts';

/** IAM decides who may send these commands (`lambda:InvokeFunction`). Every command can be repeated. */

const settings = z._default(settingsChangeSchema, {});

const createTenantCommand = z.strictObject({
  command: z.literal('createTenant'),
  slug: tenantSlug,
  name: z.optional(text()),
  settings,
});

const changeSettingsCommand = z.strictObject({ command: z.literal('changeSettings'), tenant: tenantSlug, settings });

const account = {
  email,
  username,
  firstName: personName,
  lastName: personName,
  password: newPassword,
  /** If false, an admin has to approve the account. */
  active: z._default(z.boolean(), true),
};

const createUserCommand = z.strictObject({
  command: z.literal('createUser'),
  tenant: tenantSlug,
  ...account,
  role: z._default(z.enum(['member', 'agent', 'admin', 'staff']), 'member'),
});

/** Without a tenant, creates platform staff. */
const createAdminCommand = z.strictObject({
  command: z.literal('createAdmin'),
  tenant: z.optional(tenantSlug),
  ...account,
});

const describeCommand = z.strictObject({
  command: z.literal('describe'),
  tenant: z.optional(tenantSlug),
  after: z.optional(z.record(text(), text())),
});

const verifyConversationCommand = z.strictObject({
  command: z.literal('verifyConversation'),
  tenant: tenantSlug,
  conversationId,
});

/** Templates of one command, so that its payload and its duration stay small. */
export const mostLoadedTemplates = 25;

/** Without a tenant, loads global templates. */
const loadTemplatesCommand = z.strictObject({
  command: z.literal('loadTemplates'),
  tenant: z.optional(tenantSlug),
  templates: z.array(newTemplate).check(z.minLength(1), z.maxLength(mostLoadedTemplates)),
  dryRun: z._default(z.boolean(), false),
});

/** For tenants after the given one. */
const restartTimersCommand = z.strictObject({
  command: z.literal('restartTimers'),
  after: z.optional(z.record(text(), text())),
});

export const provisioningSchema = z.discriminatedUnion('command', [
  createTenantCommand,
  changeSettingsCommand,
  createUserCommand,
  createAdminCommand,
  describeCommand,
  verifyConversationCommand,
  loadTemplatesCommand,
  restartTimersCommand,
]);
export type ParsedCommand = z.output<typeof provisioningSchema>;
export type ProvisioningCommand = z.input<typeof provisioningSchema>;

export const tenantNotFound = defineProblem({
  name: 'tenant-not-found',
  status: 404,
  title: 'No such tenant',
  description: 'Create the tenant first.',
});

export const wrongRole = defineProblem({
  name: 'wrong-role',
  status: 422,
  title: 'Wrong role for the tenant',
  description: 'The tenant `platform` has only accounts with the role `staff`. Other tenants have none.',
});

/** With defaults, and with addresses in plain text. */
export type ReadableSettings = TenantSettings &
  MailSettings &
  Omit<DeskSettings, 'onCall'> & { readonly onCall: OnCall };

export type ProvisioningResult =
  | {
      readonly ok: true;
      readonly created: boolean;
      readonly tenant: TenantRecord;
      readonly settings: ReadableSettings;
    }
  | { readonly ok: true; readonly tenant: TenantRecord; readonly settings: ReadableSettings }
  | { readonly ok: true; readonly created: boolean; readonly user: User }
  | {
      readonly ok: true;
      readonly tenants: readonly TenantRecord[];
      readonly next: Readonly<Record<string, string>> | undefined;
    }
  | { readonly ok: true; readonly conversationId: string; readonly verdict: ConversationVerdict }
  | { readonly ok: true; readonly templates: readonly LoadedTemplate[] }
  | { readonly ok: true; readonly restarted: number; readonly next: Readonly<Record<string, string>> | undefined }
  | { readonly ok: false; readonly problem: ProblemBody };
