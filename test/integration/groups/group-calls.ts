import type { TestRun } from '../harness.ts';
import { call, type HttpAnswer, type SignedIn } from '../raw-client.ts';

export function groupCalls(test: TestRun) {
  const path = '/api/v1/conversations';
  return {
    create: (who: SignedIn, body: object): Promise<HttpAnswer> =>
      call(test.url, 'POST', path, { token: who.token, body: { kind: 'group', name: 'Crew', ...body } }),
    started: async (who: SignedIn, people: readonly SignedIn[], body: object = {}): Promise<string> => {
      const participants = people.map(({ userId }) => ({ userId }));
      const answer = await call(test.url, 'POST', path, {
        token: who.token,
        body: { kind: 'group', name: 'Crew', participants, ...body },
      });
      if (answer.status !== 201) throw new Error(answer.text);
      return answer.body.id as string;
    },
    get: (who: SignedIn, id: string, rest = ''): Promise<HttpAnswer> =>
      call(test.url, 'GET', `${path}/${id}${rest}`, { token: who.token }),
    list: (who: SignedIn): Promise<HttpAnswer> => call(test.url, 'GET', path, { token: who.token }),
    change: (who: SignedIn, id: string, body: object): Promise<HttpAnswer> =>
      call(test.url, 'PATCH', `${path}/${id}`, { token: who.token, body }),
    add: (who: SignedIn, id: string, people: readonly object[], rest: object = {}): Promise<HttpAnswer> =>
      call(test.url, 'POST', `${path}/${id}/participants`, {
        token: who.token,
        body: { participants: people, ...rest },
      }),
    role: (who: SignedIn, id: string, userId: string, role: string): Promise<HttpAnswer> =>
      call(test.url, 'PATCH', `${path}/${id}/participants/${userId}`, { token: who.token, body: { role } }),
    remove: (who: SignedIn, id: string, userId: string): Promise<HttpAnswer> =>
      call(test.url, 'DELETE', `${path}/${id}/participants/${userId}`, { token: who.token }),
    send: (who: SignedIn, id: string, body: object): Promise<HttpAnswer> =>
      call(test.url, 'POST', `${path}/${id}/messages`, { token: who.token, body }),
    roles: (answer: HttpAnswer): Record<string, string> =>
      Object.fromEntries(
        (answer.body.participants as { userId: string; role: string }[]).map(({ userId, role }) => [userId, role]),
      ),
    systemMessages: async (who: SignedIn, id: string): Promise<unknown[]> => {
      const answer = await call(test.url, 'GET', `${path}/${id}/messages`, { token: who.token });
      return (answer.body.items as { system?: unknown }[]).flatMap(({ system }) =>
        system === undefined ? [] : [system],
      );
    },
  };
}
