import type { Context } from 'aws-lambda';
import { verifyConversation } from '../checkpoints/verify-conversation.ts';
import {
  conversationNotFound,
  emailTaken,
  internalError,
  usernameTaken,
  validationFailed,
} from '../../contract/problems.ts';
import type { User } from '../../contract/schemas/user.ts';
import { isRefusal, problemBodyOf, type Refusal, refuse } from '../../core/refusal.ts';
import { validate } from '../../transport/validation.ts';
import { createAccount } from '../identity/create-account.ts';
import { findOwnerId, type OpenTenant, readUser } from '../identity/account-store.ts';
import { openTenant } from '../identity/open-tenant.ts';
import { loadTemplates } from '../templates/load-templates.ts';
import { log } from '../../core/runtime/logger.ts';
import { mapConcurrent } from '../../core/runtime/map-concurrent.ts';
import { createTenant, ensurePlatformTenant } from './create-tenant.ts';
import {
  type ParsedCommand,
  type ProvisioningResult,
  provisioningSchema,
  type ReadableSettings,
  tenantNotFound,
  wrongRole,
} from './commands.ts';
import {
  loadTenantBySlug,
  listTenants,
  platformTenant,
  type TenantRecord,
  toRecord,
} from '../tenants/tenant-directory.ts';
import { changeSettings, restartTimers } from '../tenants/change-settings.ts';
import { settleAll } from '../../core/runtime/settle-all.ts';
import type { TenantScope } from '../../core/tenancy/tenant-scope.ts';
import { unfitForCall } from './unfit-for-call.ts';
import { loadDeskSettings } from '../tenants/desk-settings.ts';
import { loadMailSettings } from '../tenants/mail-settings.ts';
import { openOnCall } from '../tenants/on-call-setting.ts';
import { loadSettings } from '../tenants/tenant-settings.ts';

type Success = Exclude<ProvisioningResult, { ok: false }>;
type CreateUser = Extract<ParsedCommand, { command: 'createUser' }>;

const tenantsPerPage = 100;
const tenantsAtOnce = 10;

/** Executes a command of the deployer. Returns refusals and failures as data, and never throws. */
export async function provision(event: unknown, context: Pick<Context, 'awsRequestId'>): Promise<ProvisioningResult> {
  const outcome = await attempt(event);
  if (!isRefusal(outcome)) return outcome;
  return { ok: false, problem: problemBodyOf(outcome, context.awsRequestId) };
}

async function attempt(event: unknown): Promise<Success | Refusal> {
  const checked = validate(provisioningSchema, 'command', event);
  if (!checked.valid) {
    const { errors } = checked;
    return refuse(validationFailed, { detail: notValid(errors), errors });
  }
  try {
    return await perform(checked.value);
  } catch (error) {
    log('error', 'provisioning.failed', { operation: checked.value.command }, error);
    return refuse(internalError);
  }
}

function notValid(errors: readonly { readonly pointer: string }[]): string {
  return `Not valid: ${errors.map(({ pointer }) => pointer).join(', ')}.`;
}

async function perform(command: ParsedCommand): Promise<Success | Refusal> {
  switch (command.command) {
    case 'createTenant': {
      const { slug, name, settings } = command;
      const { created, tenant } = await createTenant({ slug, settings: { name: name ?? slug, ...settings } });
      return { ok: true, created, tenant: toRecord(tenant), settings: await settingsOf(tenant.scope) };
    }
    case 'changeSettings': {
      const tenant = await loadTenantBySlug(command.tenant);
      if (tenant === undefined) return refuse(tenantNotFound);
      const errors = await unfitForCall(tenant.scope, command.settings.onCall?.userIds ?? []);
      if (errors.length > 0) return refuse(validationFailed, { detail: notValid(errors), errors });
      await changeSettings(tenant.scope, command.settings);
      return { ok: true, tenant: toRecord(tenant), settings: await settingsOf(tenant.scope) };
    }
    case 'createUser':
      return createUser(command);
    case 'createAdmin': {
      const { tenant = platformTenant.slug } = command;
      const role = tenant === platformTenant.slug ? 'staff' : 'admin';
      return createUser({ ...command, command: 'createUser', tenant, role });
    }
    case 'verifyConversation': {
      const { conversationId } = command;
      const tenant = await loadTenantBySlug(command.tenant);
      if (tenant === undefined) return refuse(tenantNotFound);
      const verdict = await verifyConversation(tenant.scope, conversationId);
      return verdict === undefined ? refuse(conversationNotFound) : { ok: true, conversationId, verdict };
    }
    case 'loadTemplates': {
      const { tenant: slug, templates, dryRun } = command;
      const tenant = slug === undefined ? undefined : await loadTenantBySlug(slug);
      if (slug !== undefined && tenant === undefined) return refuse(tenantNotFound);
      return { ok: true, templates: await loadTemplates(tenant?.scope, templates, dryRun) };
    }
    case 'restartTimers': {
      const { tenants, next } = await listTenants(tenantsPerPage, command.after);
      const restart = async ({ slug }: TenantRecord) => {
        const tenant = await loadTenantBySlug(slug);
        return tenant !== undefined && (await restartTimers(tenant.scope));
      };
      let restarted = 0;
      for await (const isRestarted of mapConcurrent(tenants, tenantsAtOnce, restart)) if (isRestarted) restarted += 1;
      return { ok: true, restarted, next };
    }
    case 'describe': {
      if (command.tenant === undefined) return { ok: true, ...(await listTenants(tenantsPerPage, command.after)) };
      const tenant = await loadTenantBySlug(command.tenant);
      if (tenant === undefined) return refuse(tenantNotFound);
      return { ok: true, tenant: toRecord(tenant), settings: await settingsOf(tenant.scope) };
    }
  }
}

async function settingsOf(scope: TenantScope): Promise<ReadableSettings> {
  const [settings, ofDesk, ofMails] = await settleAll([
    loadSettings(scope),
    loadDeskSettings(scope),
    loadMailSettings(scope),
  ]);
  return { ...ofMails, ...settings, ...ofDesk, onCall: await openOnCall(scope, ofDesk.onCall) };
}

async function createUser(command: CreateUser): Promise<Success | Refusal> {
  const isPlatform = command.tenant === platformTenant.slug;
  if (isPlatform !== (command.role === 'staff')) return refuse(wrongRole);
  if (isPlatform) await ensurePlatformTenant();
  const found = await loadTenantBySlug(command.tenant);
  if (found === undefined) return refuse(tenantNotFound);

  const tenant = await openTenant(found.scope);
  const existing = await findUser(tenant, command.email);
  if (existing !== undefined) return { ok: true, created: false, user: existing };
  const creation = await createAccount(tenant, {
    ...command,
    status: command.active ? 'active' : 'pending',
    // A caller who may invoke this function can also change the table.
    emailVerified: true,
  });
  if (creation.created) return { ok: true, created: true, user: creation.user };
  const meanwhile = await findUser(tenant, command.email);
  if (meanwhile !== undefined) return { ok: true, created: false, user: meanwhile };
  return refuse(creation.taken === 'email' ? emailTaken : usernameTaken);
}

async function findUser(tenant: OpenTenant, email: string): Promise<User | undefined> {
  const userId = await findOwnerId(tenant, { kind: 'email', value: email });
  return userId === undefined ? undefined : readUser(tenant, userId);
}
