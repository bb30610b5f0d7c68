import { ulid } from 'ulid';
import type { TestRun } from '../harness.ts';
import { call, type HttpAnswer, signIn, type SignedIn } from '../raw-client.ts';
import { newAccount, password } from '../system/world.ts';

export const templatesPath = '/api/v1/templates';

export function newReply(more: object = {}) {
  return {
    ...{ kind: 'reply', key: `k-${ulid().toLowerCase()}`, name: 'Log request', language: 'en' },
    text: 'Hello {customer|there}, send the logs of {host}.',
    ...more,
  };
}

export const someFields = [
  { id: 'host', type: 'text', label: 'Which host?', required: true },
  { id: 'level', type: 'dropdown', label: 'How severe?', options: ['Low', 'High'] },
];

export function newForm(more: object = {}) {
  return newReply({ kind: 'form', fields: someFields, ...more });
}

export function templateCalls({ url }: Pick<TestRun, 'url'>) {
  const send = (who: SignedIn, method: string, path: string, body?: object): Promise<HttpAnswer> =>
    call(url, method, templatesPath + path, { token: who.token, ...(body === undefined ? {} : { body }) });
  return {
    create: (who: SignedIn, body: object) => send(who, 'POST', '', body),
    get: (who: SignedIn, id: string) => send(who, 'GET', `/${id}`),
    list: (who: SignedIn, query = '') => send(who, 'GET', query),
    update: (who: SignedIn, id: string, body: object) => send(who, 'PATCH', `/${id}`, body),
    delete: (who: SignedIn, id: string) => send(who, 'DELETE', `/${id}`),
    render: (who: SignedIn, id: string, body: object) => send(who, 'POST', `/${id}/render`, body),
  };
}

/** @returns the id. */
export async function createdTemplate(test: Pick<TestRun, 'url'>, who: SignedIn, body: object): Promise<string> {
  const answer = await templateCalls(test).create(who, body);
  if (answer.status !== 201) throw new Error(answer.text);
  return answer.body.id as string;
}

export async function newStaff(test: TestRun): Promise<SignedIn> {
  const { email } = await newAccount(test, 'platform', `staff-${ulid().slice(-10).toLowerCase()}`, 's', {
    role: 'staff',
  });
  return signIn(test.url, undefined, email, password);
}
