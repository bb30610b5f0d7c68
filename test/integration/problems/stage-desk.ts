import {
  bringOnline,
  type FormInConversation,
  formTemplate,
  newTeam,
  sentForm,
  startSupport,
  succeed,
} from '../desk/desk-calls.ts';
import type { TestRun } from '../harness.ts';
import { conversationOf } from '../people.ts';
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
  /** A template. */
  readonly form: string;
  /** Its copy in a further conversation of Alice and `agent`. */
  readonly formed: FormInConversation;
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
  const team = await newTeam(test, admin, 'Night shift');
  const emptyTeam = await newTeam(test, admin, 'Empty team');
  await bringOnline(test, admin, agent, { teams: [team], maxConcurrent: 50 });
  await bringOnline(test, admin, colleague, { maxConcurrent: 50 });
  const support = await startSupport(test, alice, { subject: 'Help', teamId: team });
  await succeed(test, agent, 'POST', `/conversations/${support}/assign`, { agentId: 'me' });
  const waiting = await startSupport(test, alice, { subject: 'Later' });
  const further = await startSupport(test, alice, { subject: 'Form', teamId: team });
  await succeed(test, agent, 'POST', `/conversations/${further}/assign`, { agentId: 'me' });
  const [form, formed] = [await formTemplate(test), await sentForm(test, agent, further)];
  const directOfAgent = await conversationOf(test, agent, bob);
  return { agent, colleague, team, emptyTeam, support, form, formed, waiting, directOfAgent };
}
