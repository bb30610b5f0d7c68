import type { TestRun } from '../harness.ts';
import type { HttpAnswer, SignedIn } from '../raw-client.ts';
import { type Desk, deskOf } from './desk-people.ts';
import { DeskTables } from './desk-tables.ts';

export type Random = () => number;

/** Repeats the same numbers for the same seed. */
export function randomOf(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

export function pick<Item>(random: Random, items: readonly Item[]): Item {
  const item = items[Math.floor(random() * items.length)];
  if (item === undefined) throw new Error('There is nothing to choose from');
  return item;
}

export function shuffled<Item>(random: Random, items: readonly Item[]): readonly Item[] {
  return items
    .map((item) => ({ item, rank: random() }))
    .sort((one, other) => one.rank - other.rank)
    .map(({ item }) => item);
}

export interface RaceWorld {
  readonly desk: Desk;
  readonly tables: DeskTables;
  readonly agents: readonly SignedIn[];
  readonly teamId: string;
}

const agentNames = ['amina', 'bela', 'chidi', 'dora', 'emre'];

/** Five agents with at most `maxConcurrent` conversations each. Two of them are in a team. */
export async function raceWorldOf(
  test: TestRun,
  name: string,
  autoAssign: 'on' | 'off',
  maxConcurrent: number,
): Promise<RaceWorld> {
  const desk = await deskOf(test, name, { autoAssign });
  const team = await desk.post(desk.admin, '/teams', { name: 'Night shift' });
  if (team.status !== 201) throw new Error(team.text);
  const teamId = team.body.id as string;
  const agents: SignedIn[] = [];
  for (const [index, agent] of agentNames.entries()) {
    agents.push(await desk.agent(agent, { maxConcurrent, ...(index < 2 ? { teams: [teamId] } : {}) }));
  }
  return { desk, agents, teamId, tables: new DeskTables(test, desk.admin.tenantId) };
}

const mostAttempts = 30;

function isTemporary({ status, body }: HttpAnswer): boolean {
  return status >= 500 || body?.code === 'CONVERSATION_BUSY';
}

/** Retries like a client: while the service is busy, and after a time-out. */
export async function insist(ask: () => Promise<HttpAnswer>): Promise<HttpAnswer> {
  let answer = await ask();
  for (let attempt = 1; attempt < mostAttempts && isTemporary(answer); attempt += 1) answer = await ask();
  return answer;
}

/** Two to five agents take one conversation at once. */
export async function raceToTake({ desk, agents }: RaceWorld, id: string, random: Random): Promise<readonly string[]> {
  const rivals = shuffled(random, agents).slice(0, 2 + Math.floor(random() * 4));
  const answers = await Promise.all(
    rivals.map((rival) => insist(() => desk.post(rival, `/conversations/${id}/assign`, { agentId: 'me' }))),
  );
  const winners = rivals.filter((_, index) => answers[index]?.status === 200);
  const faults: string[] = [];
  if (winners.length > 1) faults.push(`${id} was won by ${winners.length} agents`);
  const [winner] = winners;
  for (const { status, body, text } of answers) {
    if (status === 200 && body.assigneeId === winner?.userId) continue;
    const isLoser = body?.code === 'ALREADY_ASSIGNED' && body.assigneeId === winner?.userId;
    if (!isLoser && body?.code !== 'AGENT_UNAVAILABLE') faults.push(`${id}: ${status} ${text}`);
  }
  if (winner !== undefined) await desk.post(winner, `/conversations/${id}/unassign`);
  return faults;
}

export interface StormStep {
  readonly name: string;
  readonly run: (world: RaceWorld, conversations: string[], random: Random) => Promise<HttpAnswer>;
}

/** The steps of a storm, each as often as its share. */
export const stormSteps: readonly StormStep[] = [
  step('start', 4, async ({ desk, teamId }, ids, random) => {
    const fields = {
      ...(random() < 0.3 ? { teamId } : {}),
      priority: pick(random, ['low', 'medium', 'high', 'urgent']),
    };
    const answer = await desk.post(desk.customer, '/conversations', { kind: 'support', ...fields });
    if (answer.status === 201) ids.push(answer.body.id as string);
    return answer;
  }),
  step('take', 3, ({ desk, agents }, ids, random) =>
    desk.post(pick(random, agents), `/conversations/${pick(random, ids)}/assign`, { agentId: 'me' }),
  ),
  step('assign', 2, ({ desk }, ids, random) =>
    desk.post(desk.admin, `/conversations/${pick(random, ids)}/assign`, { agentId: 'auto' }),
  ),
  step('resolve', 4, ({ desk }, ids, random) => desk.post(desk.admin, `/conversations/${pick(random, ids)}/resolve`)),
  step('close', 2, ({ desk }, ids, random) => desk.post(desk.admin, `/conversations/${pick(random, ids)}/close`)),
  step('reopen', 1, ({ desk }, ids, random) => desk.post(desk.admin, `/conversations/${pick(random, ids)}/reopen`)),
  step('unassign', 2, ({ desk }, ids, random) => desk.post(desk.admin, `/conversations/${pick(random, ids)}/unassign`)),
  step('transfer', 2, ({ desk, agents, teamId }, ids, random) =>
    desk.post(
      desk.admin,
      `/conversations/${pick(random, ids)}/transfer`,
      random() < 0.4 ? { teamId } : { agentId: pick(random, agents).userId },
    ),
  ),
  step('availability', 2, ({ desk, agents }, _ids, random) =>
    desk.patch(desk.admin, `/agents/${pick(random, agents).userId}`, {
      availability: pick(random, ['online', 'online', 'busy', 'away']),
    }),
  ),
  step('customer', 3, ({ desk }, ids, random) =>
    desk.say(desk.customer, pick(random, ids), 'Hello?', random() < 0.2 ? { urgent: true } : {}),
  ),
  step('reply', 2, ({ desk, agents }, ids, random) => desk.say(pick(random, agents), pick(random, ids), 'One moment')),
].flatMap(({ times, ...each }) => Array.from({ length: times }, () => each));

function step(name: string, times: number, run: StormStep['run']) {
  return { name, times, run };
}

/** Statuses that the steps of a storm may have. A conversation may be busy. */
const expectedStatuses = [200, 201, 404, 409];

/** Runs several steps at once. @returns unexpected answers. */
export async function storm(
  world: RaceWorld,
  conversations: string[],
  random: Random,
  width: number,
): Promise<readonly string[]> {
  const steps = Array.from({ length: width }, () => pick(random, stormSteps));
  const answers = await Promise.all(steps.map(({ run }) => run(world, conversations, random)));
  return answers.flatMap(({ status, text }, index) =>
    expectedStatuses.includes(status) ? [] : [`${steps[index]?.name ?? ''}: ${status} ${text}`],
  );
}

/** Messages that were stored while their conversation was closed. */
export async function sentAfterClose({ desk }: RaceWorld, ids: readonly string[]): Promise<readonly string[]> {
  const found: string[] = [];
  for (const id of ids) {
    const { body } = await desk.get(desk.admin, `/conversations/${id}/messages?limit=100`);
    let isClosed = false;
    for (const { seq, type, support } of body.items as readonly LogItem[]) {
      if (isClosed && type === 'text') found.push(`${id} has the message ${seq} after its close`);
      if (support !== undefined) isClosed = support.status === 'closed';
    }
  }
  return found;
}

interface LogItem {
  readonly seq: number;
  readonly type: string;
  readonly support?: { readonly status: string };
}
