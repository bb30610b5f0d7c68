import type { TestRun } from '../harness.ts';
import { succeed } from '../desk/desk-calls.ts';
import type { SignedIn } from '../raw-client.ts';

/** Servers of the local run, with their credentials. */
export const systems = {
  'service-now': {
    kind: 'service-now',
    url: 'https://service-now.far-side.example',
    auth: { type: 'basic', username: 'switchboard', password: 'switchboard' },
  },
  jira: {
    kind: 'jira',
    url: 'https://jira.far-side.example',
    serviceDeskId: '4',
    requestTypeId: '27',
    auth: { type: 'basic', username: 'bot@example.com', password: 'switchboard' },
  },
} as const;
export type SystemKind = keyof typeof systems;

export const integrationsPath = '/api/v1/admin/integrations';
export const newIntegrationBody = (name = 'Service desk', kind: SystemKind = 'jira') => ({
  name,
  system: systems[kind],
});

export interface CreatedIntegration {
  readonly id: string;
  readonly secret: string;
}

export async function newIntegration(
  test: Pick<TestRun, 'url'>,
  admin: SignedIn,
  name?: string,
  kind?: SystemKind,
): Promise<CreatedIntegration> {
  const created = await succeed(test, admin, 'POST', '/admin/integrations', newIntegrationBody(name, kind));
  return { id: created.integration.id as string, secret: created.inboundSecret as string };
}

export async function openTicketOf(
  test: Pick<TestRun, 'url'>,
  agent: SignedIn,
  conversationId: string,
  integrationId: string,
): Promise<void> {
  await succeed(test, agent, 'POST', `/conversations/${conversationId}/ticket`, { integrationId });
}

/** A message of Jira about an issue that no conversation has. */
export const unlinkedChange = () => ({
  webhookEvent: 'jira:issue_updated',
  issue: { id: '99999', fields: { labels: [] } },
});
