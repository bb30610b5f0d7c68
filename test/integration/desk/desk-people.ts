import { ulid } from 'ulid';
import type { TenantSettingsChange } from '../../../shared/features/tenants/settings-change.ts';
import type { Role } from '../../../shared/contract/schemas/user.ts';
import type { TestRun } from '../harness.ts';
import { password } from '../people.ts';
import { call, type HttpAnswer, signIn, type SignedIn } from '../raw-client.ts';

export interface Desk {
  readonly slug: string;
  readonly customer: SignedIn;
  readonly admin: SignedIn;
  /** Signs a further user in. */
  person(name: string, role?: Role): Promise<SignedIn>;
  /** Signs an agent in and sets its availability to online. */
  agent(name: string, change?: object): Promise<SignedIn>;
  /** Starts a support conversation and returns its id. */
  start(who: SignedIn, fields?: object): Promise<string>;
  post(who: SignedIn, path: string, body?: object): Promise<HttpAnswer>;
  get(who: SignedIn, path: string): Promise<HttpAnswer>;
  patch(who: SignedIn, path: string, body: object): Promise<HttpAnswer>;
  /** Sends a text and returns the answer. */
  say(who: SignedIn, conversationId: string, text: string, more?: object): Promise<HttpAnswer>;
}

export async function deskOf(test: TestRun, name: string, settings: TenantSettingsChange = {}): Promise<Desk> {
  const slug = test.slugOf(name);
  const created = await test.provision({
    command: 'createTenant',
    slug,
    name,
    settings: { messagesPerMinute: null, ...settings },
  });
  if (!created.ok) throw new Error(created.problem.detail);
  const person = async (username: string, role: Role = 'member'): Promise<SignedIn> => {
    const email = `${username}@${name}.test`;
    const made = await test.provision({
      ...{ command: 'createUser', tenant: slug, username, email, firstName: username, lastName: 'Test' },
      ...{ password, role, active: true },
    } as Parameters<TestRun['provision']>[0]);
    if (!made.ok) throw new Error(made.problem.detail);
    return signIn(test.url, slug, email, password);
  };
  const post: Desk['post'] = ({ token }, path, body) => call(test.url, 'POST', `/api/v1${path}`, { token, body });
  const patch: Desk['patch'] = ({ token }, path, body) => call(test.url, 'PATCH', `/api/v1${path}`, { token, body });
  const [customer, admin] = await Promise.all([person('customer'), person('boss', 'admin')]);
  return {
    slug,
    customer,
    admin,
    person,
    post,
    patch,
    get: ({ token }, path) => call(test.url, 'GET', `/api/v1${path}`, { token }),
    agent: async (username, change = {}) => {
      const agent = await person(username, 'agent');
      const answer = await patch(admin, `/agents/${agent.userId}`, { availability: 'online', ...change });
      if (answer.status !== 200) throw new Error(answer.text);
      return agent;
    },
    start: async (who, fields = {}) => {
      const answer = await post(who, '/conversations', { kind: 'support', ...fields });
      if (answer.status > 201) throw new Error(answer.text);
      return answer.body.id as string;
    },
    say: (who, conversationId, text, more = {}) =>
      post(who, `/conversations/${conversationId}/messages`, { type: 'text', text, clientMessageId: ulid(), ...more }),
  };
}
