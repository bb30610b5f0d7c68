import { callAddress } from '../../core/egress/call-address.ts';
import { egressPolicy } from '../../core/egress/egress-policy.ts';
import { shownError } from '../../core/egress/network-error-rules.ts';
import { now } from '../../core/runtime/clock.ts';
import type { TenantScope } from '../../core/tenancy/tenant-scope.ts';
import type { IntegrationItem } from './integration-item.ts';
import { openSecrets } from './integration-store.ts';
import { credentialsOf } from './secret-rules.ts';
import { jira } from './systems/jira.ts';
import { rest } from './systems/rest.ts';
import { serviceNow } from './systems/service-now.ts';
import type { SystemAnswer, SystemRequest, TicketSystem } from './systems/ticket-system.ts';

/** Below the time that a turn of the consumer has. */
const limits = { connectMs: 5000, totalMs: 15_000, answerBytes: 512 * 1024 };

export async function connect(scope: TenantScope, integration: IntegrationItem): Promise<TicketSystem> {
  const { system, integrationId, revision } = integration;
  const { credential = '' } = await openSecrets(scope, integration);
  const options = {
    call,
    credentials: credentialsOf(system.auth, credential),
    tokenKey: `${scope.tenantId} ${integrationId} ${revision}`,
    now,
  };
  switch (system.kind) {
    case 'service-now':
      return serviceNow({ ...options, url: withoutSlash(system.url), table: system.table });
    case 'jira': {
      const { url, serviceDeskId, requestTypeId } = system;
      return jira({ ...options, url: withoutSlash(url), serviceDeskId, requestTypeId });
    }
    case 'rest':
      return rest({ ...system, url: withoutSlash(system.url) }, options);
  }
}

async function call({ method, url, headers, body }: SystemRequest): Promise<SystemAnswer> {
  const answer = await callAddress({
    ...{ method, url, headers, limits, policy: egressPolicy() },
    ...(body === undefined ? {} : { body }),
  });
  if (!answer.answered) return { answered: false, error: shownError(answer.error) };
  const { status } = answer;
  return { answered: true, status, headers: answer.headers, body: answer.body.toString('utf8') };
}

function withoutSlash(url: string): string {
  return url.replace(/\/+$/, '');
}
