import type { TestRun } from '../harness.ts';
import { conversationOf } from '../people.ts';
import { call, type SignedIn } from '../raw-client.ts';
import { newPerson, type Person } from '../system/world.ts';

export interface StageDesk {
  /** Online, in `team`. */
  readonly agent: Person;
  /** Online, in no team. */
  readonly colleague: Person;
  readonly team: string;
  /** Has no conversation. */
  readonly emptyTeam: string;
  /** Alice's, of the team, and active with `agent`. */
  readonly support: string;
  /** Alice's, without a team. It waits. */
  readonly waiting: string;
  /** A direct conversation of `agent` and Bob. */
  readonly directOfAgent: string;
}

/** The tenant must not assign conversations automatically. */
export async function setDesk(
  test: TestRun,
  slug: string,
  canary: string,
  { alice, bob, admin }: { readonly alice: Person; readonly bob: Person; readonly admin: Person },
): Promise<StageDesk> {
  const [agent, colleague] = await Promise.all([
    newPerson(test, slug, canary, 'agent', 'agent'),
    newPerson(test, slug, canary, 'colleague', 'agent'),
  ]);
  const as = async (who: SignedIn, method: string, path: string, body?: object): Promise<string> => {
    const answer = await call(test.url, method, `/api/v1${path}`, { token: who.token, ...(body && { body }) });
    if (answer.status >= 300) throw new Error(`${method} ${path}: ${answer.text}`);
    return answer.body.id as string;
  };
  const team = await as(admin, 'POST', '/teams', { name: 'Night shift' });
  const emptyTeam = await as(admin, 'POST', '/teams', { name: 'Empty team' });
  await as(admin, 'PATCH', `/agents/${agent.userId}`, { availability: 'online', teams: [team], maxConcurrent: 50 });
  await as(admin, 'PATCH', `/agents/${colleague.userId}`, { availability: 'online', maxConcurrent: 50 });
  const support = await as(alice, 'POST', '/conversations', { kind: 'support', subject: 'Help', teamId: team });
  await as(agent, 'POST', `/conversations/${support}/assign`, { agentId: 'me' });
  const waiting = await as(alice, 'POST', '/conversations', { kind: 'support', subject: 'Later' });
  const directOfAgent = await conversationOf(test, agent, bob);
  return { agent, colleague, team, emptyTeam, support, waiting, directOfAgent };
}
