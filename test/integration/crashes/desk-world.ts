import { ulid } from 'ulid';
import { expect } from 'vitest';
import { agentPartition, keys } from '../../../shared/core/table/keys.ts';
import { bringOnline, newTeam, startSupport, succeed } from '../desk/desk-calls.ts';
import { type GuestPerson, newGuestPerson } from '../guests/guest-person.ts';
import type { TestRun } from '../harness.ts';
import { newPerson, type Person } from '../system/world.ts';
import type { CrashWorld } from './crash-world.ts';
import { patiently } from './persistence.ts';
import { call } from '../raw-client.ts';

export interface DeskWorld {
  /** The service chooses this agent for {@link ofAgent}. */
  readonly agent: Person;
  /** Of the same team, but without the skill. */
  readonly colleague: Person;
  /** Gets one conversation of `soloTeam` at a time. */
  readonly solo: Person;
  readonly customer: Person;
  readonly guest: GuestPerson;
  readonly team: string;
  readonly soloTeam: string;
  /** A conversation that no agent fits. */
  readonly waiting: string;
}

/** No agent has this skill. */
const unwanted = { skills: ['welding'] };

export async function deskWorld(test: TestRun, slug: string, canary: string, admin: Person): Promise<DeskWorld> {
  const [agent, colleague, solo, customer, guest] = await Promise.all([
    newPerson(test, slug, canary, 'agent', 'agent'),
    newPerson(test, slug, canary, 'colleague', 'agent'),
    newPerson(test, slug, canary, 'solo', 'agent'),
    newPerson(test, slug, canary, 'customer'),
    newGuestPerson(test, slug, canary),
  ] as const);
  const team = await newTeam(test, admin, 'Crash team');
  const soloTeam = await newTeam(test, admin, 'Solo team');
  await bringOnline(test, admin, agent, { teams: [team], skills, maxConcurrent: 100 });
  await bringOnline(test, admin, colleague, { teams: [team], maxConcurrent: 100 });
  await bringOnline(test, admin, solo, { teams: [soloTeam], maxConcurrent: 1 });
  const waiting = await startSupport(test, customer, { teamId: team, ...unwanted });
  return { agent, colleague, solo, customer, guest, team, soloTeam, waiting };
}

const skills = ['repair'];
/** Members of a conversation for the agent. */
export const ofAgent = ({ desk }: CrashWorld) => ({ teamId: desk.team, skills });

/**
 * A new conversation of the customer. `waiting`: for an agent whom the tenant does not have. `unassigned`: for the agent
 * of the team, who is away.
 */
export async function crashedSupport(
  world: CrashWorld,
  status: 'waiting' | 'unassigned' | 'active' | 'resolved',
): Promise<string> {
  const { test, desk } = world;
  const fields = { ...ofAgent(world), ...(status === 'waiting' ? unwanted : {}) };
  const id = await startPatiently(world, desk.customer, fields);
  if (status === 'resolved') await succeed(test, desk.agent, 'POST', `/conversations/${id}/resolve`);
  await test.run.settled();
  return id;
}

/** Resets the customer's limit of new conversations. */
export async function startPatiently(
  world: CrashWorld,
  customer: Person | GuestPerson,
  fields: object,
): Promise<string> {
  const body = { kind: 'support', ...fields };
  const { url } = world.test;
  const answer = await patiently(world, () =>
    call(url, 'POST', '/api/v1/conversations', { token: customer.token, body }),
  );
  if (answer.status > 201) throw new Error(answer.text);
  return answer.body.id as string;
}

export async function takeAway({ test, admin, desk }: CrashWorld): Promise<void> {
  await succeed(test, admin, 'PATCH', `/agents/${desk.agent.userId}`, { availability: 'away' });
  await test.run.settled();
}

/** Two conversations of the solo team: the agent has the first, and the second waits. */
export async function soloQueue(world: CrashWorld): Promise<readonly [string, string]> {
  const { test, desk } = world;
  const fields = { teamId: desk.soloTeam };
  const first = await startPatiently(world, desk.customer, fields);
  await test.run.settled();
  const second = await startPatiently(world, desk.customer, fields);
  await test.run.settled();
  return [first, second];
}

/** Names of the entries of a support conversation, as admins see them. */
export async function entriesOf({ test, admin }: CrashWorld, id: string): Promise<readonly string[]> {
  const { items } = await succeed(test, admin, 'GET', `/conversations/${id}/messages?limit=100`);
  return (items as readonly { readonly type: string; readonly system?: { readonly kind: string } }[]).map(
    ({ type, system }) => system?.kind ?? type,
  );
}

/** Fails unless the log has exactly these entries, in any order. Then closes the conversation. */
export async function closeAfterwards(world: CrashWorld, id: string, entries: readonly string[]): Promise<void> {
  await world.test.run.settled();
  expect((await entriesOf(world, id)).toSorted()).toEqual(entries.toSorted());
  await succeed(world.test, world.admin, 'POST', `/conversations/${id}/close`);
  await world.test.run.settled();
}

/** A new team of the colleague, without conversations. */
export async function teamOfColleague({ test, admin, desk }: CrashWorld): Promise<string> {
  const id = await newTeam(test, admin, `Team ${ulid()}`);
  await succeed(test, admin, 'PATCH', `/agents/${desk.colleague.userId}`, { teams: [desk.team, id] });
  await test.run.settled();
  return id;
}

/** Every team has one name, and every agent is in teams that exist. */
export async function expectTeamsInOrder({ tables, prefix }: CrashWorld): Promise<void> {
  const items = (await tables.items()).filter(({ pk }) => pk.startsWith(prefix));
  const idsIn = (partition: string) =>
    items.filter(({ pk }) => pk.startsWith(prefix + partition)).map((item) => item['teamId'] as string);
  const teams = idsIn(keys.team('').pk).sort();
  expect(idsIn('TEAM#').sort()).toEqual(teams);
  const ofAgents = items
    .filter(({ pk }) => pk === prefix + agentPartition)
    .flatMap((item) => item['teams'] as string[]);
  expect(teams).toEqual(expect.arrayContaining(ofAgents));
}
