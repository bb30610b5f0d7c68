import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sinceToken } from '../../../shared/features/sync/since-rules.ts';
import type { TestRun } from '../harness.ts';
import { connect } from '../people.ts';
import { call, type Frame, type RawSocket, type SignedIn } from '../raw-client.ts';
import { sharedTestRun } from '../shared-run.ts';
import { type Desk, deskOf } from './desk-people.ts';

let test: TestRun;
beforeAll(async () => {
  test = await sharedTestRun();
});
afterAll(() => test.stop());

interface Crisis {
  readonly desk: Desk;
  readonly teamId: string;
  /** Of the team. */
  readonly amina: SignedIn;
  readonly bela: SignedIn;
  readonly sockets: Readonly<Record<'customer' | 'admin' | 'amina' | 'bela', RawSocket>>;
  readonly close: () => Promise<unknown>;
}

async function crisisOf(name: string): Promise<Crisis> {
  const desk = await deskOf(test, name, { autoAssign: 'off' });
  const teamId = (await desk.post(desk.admin, '/teams', { name: 'Crisis' })).body.id as string;
  const [amina, bela] = [await desk.agent('amina', { teams: [teamId] }), await desk.agent('bela')];
  const open = (who: SignedIn) => connect(test, who);
  const [customer, admin] = [await open(desk.customer), await open(desk.admin)];
  const sockets = { customer, admin, amina: await open(amina), bela: await open(bela) };
  const close = () => Promise.all(Object.values(sockets).map((socket) => socket.close()));
  return { desk, teamId, amina, bela, sockets, close };
}

const isRemoval = (frame: Frame) => frame.type === 'conversation.removed';
const removalsIn = (frames: readonly Frame[]) =>
  frames.filter(isRemoval).map((frame) => frame['conversationId'] as string);

async function succeed(answer: ReturnType<Desk['post']>): Promise<void> {
  const { status, text } = await answer;
  if (status >= 300) throw new Error(text);
}

async function catchUp({ token }: SignedIn, since: string): Promise<readonly Frame[]> {
  const answer = await call(test.url, 'GET', `/api/v1/sync?since=${since}`, { token });
  return answer.body.events as readonly Frame[];
}

/** Assigns the team's conversation to an agent who is not in the team. */
async function forced({ desk, teamId, bela }: Crisis): Promise<string> {
  const id = await desk.start(desk.customer, { teamId });
  await succeed(desk.post(desk.admin, `/conversations/${id}/assign`, { agentId: bela.userId, force: true }));
  return id;
}

const waysToLose: readonly (readonly [string, (crisis: Crisis) => Promise<string>])[] = [
  [
    'transfers it to another team',
    async ({ desk, teamId, bela }) => {
      const id = await desk.start(desk.customer);
      await succeed(desk.post(bela, `/conversations/${id}/assign`, { agentId: 'me' }));
      await succeed(desk.post(bela, `/conversations/${id}/transfer`, { teamId, note: 'Yours' }));
      return id;
    },
  ],
  [
    'is not in the team that an admin sets',
    async ({ desk, teamId }) => {
      const id = await desk.start(desk.customer);
      await succeed(desk.patch(desk.admin, `/conversations/${id}`, { teamId }));
      return id;
    },
  ],
  [
    'is unassigned without being in its team',
    async (crisis) => {
      const id = await forced(crisis);
      await succeed(crisis.desk.post(crisis.desk.admin, `/conversations/${id}/unassign`));
      return id;
    },
  ],
  [
    'loses it to a colleague without being in its team',
    async (crisis) => {
      const id = await forced(crisis);
      const body = { agentId: 'me', takeOver: true };
      await succeed(crisis.desk.post(crisis.amina, `/conversations/${id}/assign`, body));
      return id;
    },
  ],
  [
    'had resolved it before a message of the customer reopens it',
    async (crisis) => {
      const { desk, bela } = crisis;
      const id = await forced(crisis);
      await succeed(desk.post(bela, `/conversations/${id}/resolve`));
      await succeed(desk.say(desk.customer, id, 'One more question'));
      return id;
    },
  ],
];

describe('an agent who loses access to a conversation', () => {
  it.each(waysToLose)('receives its removal, live and later: the agent %s', async (_, lose) => {
    const crisis = await crisisOf(`lost-${waysToLose.findIndex(([, each]) => each === lose)}`);
    const { desk, amina, bela, sockets } = crisis;
    const before = sinceToken({ until: Date.now() + 120_000 });
    const id = await lose(crisis);
    await test.run.settled();
    expect(removalsIn(sockets.bela.frames)).toEqual([id]);
    const others = [sockets.customer, sockets.admin, sockets.amina];
    expect(others.flatMap(({ frames }) => removalsIn(frames))).toEqual([]);

    expect((await catchUp(bela, before)).map(({ type, conversationId }) => [type, conversationId])).toEqual([
      ['conversation.removed', id],
    ]);
    for (const who of [amina, desk.admin, desk.customer]) expect(removalsIn(await catchUp(who, before))).toEqual([]);
    await crisis.close();
  });

  it('receives the removal of the conversations of a team that the agent leaves, except the agent’s own', async () => {
    const crisis = await crisisOf('left-team');
    const { desk, teamId, amina, sockets } = crisis;
    const starts = [0, 1, 2].map(() => desk.start(desk.customer, { teamId }));
    const [waiting, resolved, own] = await Promise.all(starts);
    const outside = await desk.start(desk.customer);
    for (const id of [resolved, own]) {
      await succeed(desk.post(amina, `/conversations/${id}/assign`, { agentId: 'me' }));
    }
    await succeed(desk.post(amina, `/conversations/${resolved}/resolve`));
    await test.run.settled();
    const before = sinceToken({ until: Date.now() + 120_000 });
    await succeed(desk.patch(desk.admin, `/agents/${amina.userId}`, { teams: [] }));
    await test.run.settled();
    expect(removalsIn(sockets.amina.frames)).toContain(waiting);
    expect(removalsIn(sockets.amina.frames)).not.toContain(own);
    expect(removalsIn(sockets.amina.frames)).not.toContain(outside);
    expect(removalsIn(await catchUp(amina, before))).toContain(waiting);

    await succeed(desk.patch(desk.admin, `/agents/${amina.userId}`, { teams: [teamId] }));
    expect(removalsIn(await catchUp(amina, before))).toEqual([]);
    await crisis.close();
  });

  it('receives no removal of a conversation to which the agent had no access', async () => {
    const crisis = await crisisOf('never-seen');
    const { desk, teamId, amina, bela, sockets } = crisis;
    const before = sinceToken({ until: Date.now() + 120_000 });
    const id = await desk.start(desk.customer, { teamId });
    await succeed(desk.post(amina, `/conversations/${id}/assign`, { agentId: 'me' }));
    await succeed(desk.post(amina, `/conversations/${id}/unassign`));
    await test.run.settled();
    expect(removalsIn(sockets.bela.frames)).toEqual([]);
    expect(await catchUp(bela, before)).toEqual([]);
    await crisis.close();
  });
});
