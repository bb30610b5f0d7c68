import { integrationNotFound, tooManyTests } from '../../contract/integrations/problems.ts';
import type {
  getIntegrationHealth as healthRoute,
  testIntegration as testRoute,
} from '../../contract/integrations/check-integration.ts';
import { refuse } from '../../core/refusal.ts';
import { now, toTimestamp } from '../../core/runtime/clock.ts';
import { newId } from '../../core/runtime/ids.ts';
import type { UseCase } from '../../core/use-case.ts';
import { countAttempt, tenantBucket } from '../identity/attempt-counter.ts';
import type { AttemptLimit } from '../identity/attempt-limits.ts';
import { readHealth, readIntegration } from './integration-store.ts';
import { readLinksIn } from './link-store.ts';
import { connect } from './connect.ts';
import { findingOf } from './systems/finding-rules.ts';
import type { Finding, TicketSystem } from './systems/ticket-system.ts';

const testLimit: AttemptLimit = { name: 'test-integration', burst: 6, intervalMs: 10_000 };

export const testIntegration: UseCase<typeof testRoute> = async ({ scope }, { integrationId, externalId }) => {
  const integration = await readIntegration(scope, integrationId);
  if (integration === undefined) return refuse(integrationNotFound);
  const retryAfterMs = await countAttempt(tenantBucket(scope, testLimit, integrationId));
  if (retryAfterMs > 0) return refuse(tooManyTests, { retryAfterMs });
  const system = await connect(scope, integration);
  const findings = [...(await system.check()), ...(externalId === undefined ? [] : await writeTo(system, externalId))];
  return { ok: findings.every(({ ok }) => ok), findings };
};

/** An internal comment that customers can see would be a leak, so the test reads it back. */
async function writeTo(system: TicketSystem, externalId: string): Promise<readonly Finding[]> {
  const ticket = await system.read(externalId);
  if (ticket.kind !== 'done') return [findingOf('ticket', ticket, '')];
  const marker = `sb-test-${newId().toLowerCase()}`;
  const text = `Test of the connection by Switchboard. [${marker}]`;
  const written = await system.comment(ticket.value, { text, isInternal: true, marker });
  if (written.kind !== 'done') return [findingOf('comment', written, '')];
  const isInternal = await system.isInternal(ticket.value, marker);
  if (isInternal.kind !== 'done') return [findingOf('internal comment', isInternal, '')];
  return [
    { check: 'comment', ok: true, detail: 'The user writes comments.' },
    isInternal.value
      ? { check: 'internal comment', ok: true, detail: 'An internal comment is internal.' }
      : { check: 'internal comment', ok: false, detail: 'Customers can see a comment that was written as internal.' },
  ];
}

const waitingStates = ['pending', 'linked', 'paused', 'failed'] as const;

export const getIntegrationHealth: UseCase<typeof healthRoute> = async ({ scope }, { integrationId }) => {
  if ((await readIntegration(scope, integrationId)) === undefined) return refuse(integrationNotFound);
  const { closedUntil, lastSuccessAt, lastErrorAt, lastError } = await readHealth(scope, integrationId);
  const oldest: number[] = [];
  for (const state of waitingStates) {
    const { links } = await readLinksIn(scope, { integrationId, state }, 1);
    oldest.push(...links.flatMap(({ behindSince }) => (behindSince === undefined ? [] : [behindSince])));
  }
  const since = oldest.length === 0 ? undefined : Math.min(...oldest);
  return {
    ...timestampOf('lastSuccessAt', lastSuccessAt),
    ...timestampOf('lastErrorAt', lastErrorAt),
    ...(lastError === undefined ? {} : { lastError }),
    ...timestampOf('pausedUntil', closedUntil),
    ...timestampOf('oldestUnsentAt', since),
    queueAgeSeconds: since === undefined ? 0 : Math.max(0, Math.floor((now() - since) / 1000)),
  };
};

function timestampOf<const Name extends string>(name: Name, at: number | undefined): { readonly [N in Name]?: string } {
  return (at === undefined ? {} : { [name]: toTimestamp(at) }) as { readonly [N in Name]?: string };
}
