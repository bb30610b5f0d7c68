import { createChatClient, type ChatClient } from '../shared/client/chat-client.ts';
import { type Desk, openDesk } from '../shared/client/desk.ts';
import { memoryGuestKeys } from '../shared/client/guest-keys.ts';
import { guestSignIn } from '../shared/client/guest-sign-in.ts';
import { openSupport } from '../shared/client/support.ts';
import type { SupportStart } from '../shared/client/support-start.ts';
import { createTeam, listTeams } from '../shared/contract/teams/teams.ts';
import type { NewTemplate } from '../shared/contract/schemas/template.ts';
import { createTemplate } from '../shared/contract/templates/create-template.ts';
import { listTemplates } from '../shared/contract/templates/list-templates.ts';
import { demoPassword } from './demo-data.ts';

export interface SeededService {
  readonly url: string;
  readonly socketUrl: string;
}

const tenant = 'demo';
const teamName = 'Night shift';
const templates = [
  { key: 'greeting', name: 'Greeting', text: 'Hello {customer|there}, how can I help?' },
  { key: 'closing', name: 'Closing', text: 'Thank you, {customer|and goodbye}. Write again at any time.' },
] as const;

const form: NewTemplate & { readonly key: string } = {
  kind: 'form',
  key: 'invoice',
  name: 'Invoice',
  language: 'en',
  text: 'Which invoice is it?',
  fields: [
    { id: 'number', type: 'text', label: 'Number of the invoice', required: true },
    { id: 'date', type: 'date', label: 'Date of the invoice' },
    { id: 'reason', type: 'dropdown', label: 'What is wrong?', options: ['The amount', 'An item', 'The address'] },
  ],
};

/** Brings a waiting conversation into its final status. */
type Finish = (agent: Agent, conversationId: string) => Promise<unknown>;

interface Agent {
  readonly formId: string;
  readonly client: ChatClient;
  readonly desk: Desk;
}

const answered: Finish = async ({ client, desk }, id) => {
  await desk.assign(id, 'me');
  await client.open(id);
  await desk.reply(id, 'Hello, how can I help?').stored;
};

const conversations: readonly { readonly start: SupportStart; readonly finish?: Finish }[] = [
  { start: { subject: 'Which hours are you open?', priority: 'low', message: 'Which hours are you open?' } },
  {
    start: {
      subject: 'The alarm does not stop',
      tags: ['alarm'],
      message: { type: 'text', text: 'The alarm does not stop. Please answer quickly.', urgent: true },
    },
  },
  {
    start: { subject: 'I cannot log in', tags: ['login'], message: 'I cannot log in since this morning.' },
    finish: answered,
  },
  {
    start: {
      subject: 'The invoice is wrong',
      priority: 'high',
      tags: ['billing'],
      message: 'My invoice has two items.',
    },
    finish: async (agent, id) => {
      await answered(agent, id);
      await agent.desk.note(id, 'The second item is from last month.');
      await agent.desk.sendForm(id, agent.formId);
    },
  },
  {
    start: { subject: 'How do I change my name?', message: 'How do I change my name?' },
    finish: async (agent, id) => {
      await answered(agent, id);
      await agent.desk.resolve(id);
    },
  },
  {
    start: { subject: 'Thank you', priority: 'low', message: 'Everything works now, thank you.' },
    finish: async (agent, id) => {
      await answered(agent, id);
      await agent.desk.close(id);
    },
  },
];

/**
 * Fills the desk of the demo tenant: a team, templates, and conversations of guests in every status. Does nothing if the
 * team exists.
 *
 * @returns the number of conversations.
 * @throws RefusedError, NetworkError.
 */
export async function seedDesk(service: SeededService): Promise<number> {
  const admin = await userOf(service, 'admin@demo.test');
  const client = await userOf(service, 'agent@demo.test');
  const desk = openDesk(client);
  try {
    if ((await admin.request(listTeams)).items.some(({ name }) => name === teamName)) return 0;
    for (const { key, name, text } of templates) {
      await templateOf(admin, { kind: 'reply', key, name, language: 'en', text });
    }
    const formId = await templateOf(admin, form);
    const agent = { client, desk, formId };
    const finished = conversations.filter(({ finish }) => finish !== undefined);
    const waiting = conversations.filter(({ finish }) => finish === undefined);
    // The service gives waiting conversations to agents who are online.
    await agent.desk.setAvailability('online');
    for (const { start, finish } of finished) await finish?.(agent, await startAsGuest(service, start));
    await agent.desk.setAvailability('offline');
    for (const { start } of waiting) await startAsGuest(service, start);
    // Last, so that an interrupted run is repeated.
    const team = await admin.requestOnce(createTeam, { body: { name: teamName } });
    await startAsGuest(service, { subject: 'The door is locked', teamId: team.id, message: 'The door is locked.' });
    return conversations.length + 1;
  } finally {
    desk.stop();
    await Promise.all([admin.logout(), client.logout()]);
  }
}

/** An interrupted run may have created it. */
async function templateOf(admin: ChatClient, template: NewTemplate & { readonly key: string }): Promise<string> {
  const { items } = await admin.request(listTemplates, { query: { limit: 100 } });
  const existing = items.find(({ key }) => key === template.key);
  return (existing ?? (await admin.requestOnce(createTemplate, { body: template }))).id;
}

function userOf({ url, socketUrl }: SeededService, email: string): Promise<ChatClient> {
  return createChatClient({ url, socketUrl, login: { tenant, email, password: demoPassword } });
}

async function startAsGuest({ url, socketUrl }: SeededService, start: SupportStart): Promise<string> {
  const guest = await createChatClient({ url, socketUrl, guest: guestSignIn({ tenant, keyStore: memoryGuestKeys() }) });
  try {
    return (await openSupport(guest).start(start).stored).id;
  } finally {
    await guest.logout();
  }
}
