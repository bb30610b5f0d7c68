import { ulid } from 'ulid';
import { expect } from 'vitest';
import { integrationKeys } from '../../../shared/core/table/integration-keys.ts';
import { integrationsPath, newIntegration, openTicketOf } from '../integrations/integration-calls.ts';
import { signedChange } from '../integrations/signed-change.ts';
import { call } from '../raw-client.ts';
import { ask, type CrashWorld } from './crash-world.ts';
import { crashedSupport } from './desk-world.ts';
import type { NamedSweep } from './operation-sweeps.ts';
import { eventually } from './persistence.ts';
import type { CrashScript } from './sweep.ts';

interface Ticketed {
  readonly conversation: string;
  readonly integrationId: string;
  readonly secret: string;
  readonly text: string;
}

async function ticketed(world: CrashWorld): Promise<Ticketed> {
  const { test, admin, desk } = world;
  const { id: integrationId, secret } = await newIntegration(test, admin);
  const conversation = await crashedSupport(world, 'waiting');
  await openTicketOf(test, desk.agent, conversation, integrationId);
  await test.run.settled();
  return { conversation, integrationId, secret, text: `Line ${ulid()}` };
}

const issueOf = ({ test }: CrashWorld, conversation: string) => {
  const label = `sb-${conversation.toLowerCase()}`;
  const [issue, second] = test.run.vendors.jira.issues.filter(({ labels }) => labels.includes(label));
  if (issue === undefined || second !== undefined) throw new Error('There is not exactly one ticket');
  return issue;
};

/** Lets the next turn begin at once. A turn that died holds the ticket for minutes. */
async function resume(world: CrashWorld, { conversation, integrationId }: Ticketed): Promise<void> {
  const { pk, sk } = integrationKeys.ticket(conversation);
  await world.tables.set(world.prefix + pk, sk, 'busyUntil', 0);
  await ask(world, world.admin, 'POST', `${integrationsPath}/${integrationId}/tickets/${conversation}/replay`);
  await world.test.run.settled();
}

async function clear(world: CrashWorld, { conversation, integrationId }: Ticketed): Promise<void> {
  await ask(world, world.admin, 'POST', `/api/v1/conversations/${conversation}/close`);
  await ask(world, world.admin, 'DELETE', `${integrationsPath}/${integrationId}`);
  await world.test.run.settled();
}

export const updateTicket: NamedSweep = {
  name: 'update a ticket',
  functions: ['update-tickets'],
  script: (world): CrashScript<Ticketed> => ({
    prepare: () => ticketed(world),
    attempt: async (subject) => {
      const { conversation, text } = subject;
      const message = { type: 'text', text, clientMessageId: ulid() };
      const path = `/api/v1/conversations/${conversation}/messages`;
      const sent = await ask(world, world.desk.agent, 'POST', path, message);
      expect(sent.status, sent.text).toBe(201);
      await world.test.run.settled();
      await eventually('the ticket has the line', async () => {
        await resume(world, subject);
        return issueOf(world, conversation).comments.some(({ body }) => body.includes(text));
      });
    },
    check: async (subject) => {
      await resume(world, subject);
      const { comments } = issueOf(world, subject.conversation);
      expect(comments.filter(({ body }) => body.includes(subject.text))).toHaveLength(1);
      await clear(world, subject);
    },
  }),
};

export const takeOverComment: NamedSweep = {
  name: 'take over a comment of a ticket',
  functions: ['update-tickets'],
  script: (world): CrashScript<Ticketed> => {
    const texts = async (conversation: string) => {
      const { body } = await ask(world, world.admin, 'GET', `/api/v1/conversations/${conversation}/messages?limit=100`);
      const items = body.items as readonly { readonly system?: { readonly text?: string } }[];
      return items.map(({ system }) => system?.text);
    };
    return {
      prepare: () => ticketed(world),
      attempt: async ({ conversation, integrationId, secret, text }) => {
        const { id, key, labels } = issueOf(world, conversation);
        const author = { accountId: 'account-beth', displayName: 'Beth' };
        const change = {
          webhookEvent: 'comment_created',
          issue: { id, key, fields: { labels } },
          comment: { id: ulid(), body: text, author, jsdPublic: true },
        };
        const sent = await call(
          world.test.url,
          'POST',
          `/api/v1/tickets/${integrationId}`,
          signedChange(secret, change),
        );
        expect(sent.status, sent.text).toBe(202);
        await world.test.run.settled();
        await eventually('the conversation has the comment', async () => (await texts(conversation)).includes(text));
      },
      check: async (subject) => {
        await world.test.run.settled();
        expect((await texts(subject.conversation)).filter((text) => text === subject.text)).toHaveLength(1);
        await clear(world, subject);
      },
    };
  },
};
