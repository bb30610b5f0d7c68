import { schemaWriter } from '../../../shared/contract/documents/json-schema.ts';
import type { Role } from '../../../shared/contract/schemas/user.ts';
import type { TestRun } from '../harness.ts';
import { conversationOf } from '../people.ts';
import type { SignedIn } from '../raw-client.ts';
import { password, tenantWorld, type TenantWorld } from '../system/world.ts';
import { canary } from './hostile-values.ts';
import { ExistingValues } from './existing-values.ts';

/** Requests in one tenant also use values of the other. */
export interface FuzzWorld {
  readonly test: TestRun;
  readonly north: TenantWorld;
  readonly south: TenantWorld;
  readonly existing: ExistingValues;
  readonly writer: ReturnType<typeof schemaWriter>;
}

export async function fuzzWorld(test: TestRun, slug: string): Promise<FuzzWorld> {
  const north = await tenantWorld(test, slug);
  const south = await tenantWorld(test, `${slug}-foreign`);
  const existing = existingOf(north, south);
  for (const role of ['guest', 'agent', 'admin'] as const) {
    existing.add('conversationId', await conversationOf(test, north.alice, north[role]));
  }
  return { test, north, south, existing, writer: schemaWriter() };
}

/** Excludes the callers' values, because their accounts must stay usable. */
export function existingOf(north: TenantWorld, south: TenantWorld): ExistingValues {
  const existing = new ExistingValues();
  existing.add('tenant', north.slug, south.slug);
  existing.add('userId', north.bob.userId, north.carol.userId, south.bob.userId);
  existing.add('email', north.carol.email, south.carol.email);
  existing.add('username', north.carol.username);
  existing.add('conversationId', north.conversation, north.otherConversation, south.conversation);
  existing.add('conversationId', north.support, north.otherSupport, north.spareSupport, south.support);
  existing.add('teamId', north.team, north.otherTeam, north.spareTeam, south.team);
  existing.add('agentId', 'me', 'auto', north.agent.userId, south.agent.userId);
  existing.add('assigneeId', north.agent.userId);
  existing.add('customerId', north.carol.userId, north.guest.userId, south.guest.userId);
  existing.add('refreshToken', north.carol.refreshToken, south.carol.refreshToken);
  existing.add('templateId', north.template, north.spareTemplate, south.template);
  existing.add('sourceId', north.source, north.spareSource, south.source);
  existing.add('deliveryId', north.delivery, south.delivery);
  existing.add('emoji', '👍', '🎉', '👩‍👩‍👧‍👦');
  existing.add('q', north.bob.username, canary);
  return existing;
}

export function learnSecrets(existing: ExistingValues): void {
  for (const name of ['password', 'passwordConfirm', 'currentPassword']) existing.add(name, password);
}

/** Staff is the administrator with other claims. */
export function personOf({ north }: Pick<FuzzWorld, 'north'>, role: Role): SignedIn {
  if (role === 'member') return north.alice;
  return role === 'staff' ? north.admin : north[role];
}
