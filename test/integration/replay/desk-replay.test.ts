import { ulid } from 'ulid';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { seed } from '../../reporting/seed.ts';
import { type Desk, deskOf } from '../desk/desk-people.ts';
import type { TestRun } from '../harness.ts';
import { seededRandom } from '../log/seeded-random.ts';
import type { SignedIn } from '../raw-client.ts';
import { sharedTestRun } from '../shared-run.ts';
import { newMessage } from '../system/new-message.ts';
import { report } from '../system/report.ts';
import { listsOfDesk, Observer } from './observer.ts';
import { Replica } from './replica.ts';

// For the customer and the agents of a support conversation, too, events lead to the state of a fresh client.
const random = seededRandom(seed);
const walkSteps = 60;

let test: TestRun;
let desk: Desk;
let amina: SignedIn;
let bela: SignedIn;
let id: string;
let observers: readonly Observer[];

beforeAll(async () => {
  report(`replay law of the desk (seed ${seed})`);
  test = await sharedTestRun();
  desk = await deskOf(test, 'replaydesk', { autoAssign: 'off', editWindowMinutes: null });
  [amina, bela] = [await desk.agent('amina'), await desk.agent('bela')];
  id = await desk.start(desk.customer, { subject: 'I cannot log in', tags: ['login'], priority: 'low' });
  await test.run.settled();
  observers = await Promise.all([
    Observer.start(test, 'customer', desk.customer),
    Observer.start(test, 'amina', amina, listsOfDesk),
    Observer.start(test, 'bela', bela, listsOfDesk),
  ]);
  await Promise.all(observers.map((observer) => observer.leaves('the beginning')));
});
afterAll(async () => {
  await Promise.all(observers.map((observer) => observer.close()));
  await test.stop();
});

async function expectTheSame(when: string): Promise<void> {
  await test.run.settled();
  for (const observer of observers) {
    const snapshot = await observer.snapshot();
    const expected = Replica.fresh(observer.who.userId, snapshot).shown(snapshot);
    const live = await observer.live(snapshot);
    const left = observer.left.at(-1);
    if (left === undefined) throw new Error('No client has left');
    const resumed = await observer.resumed(left, 'overHttp', snapshot);
    await observer.leaves(when);
    expect(live.shown(snapshot), `${observer.name}, live, after ${when}`).toEqual(expected);
    expect(resumed.shown(snapshot), `${observer.name}, back since ${left.when}`).toEqual(expected);
  }
}

type Step = () => Promise<unknown>;
const post = (who: () => SignedIn, path: string, body?: object): Step => {
  return async () => {
    const answer = await desk.post(who(), `/conversations/${id}${path}`, body);
    if (answer.status >= 300) throw new Error(answer.text);
  };
};
const change = (body: object): Step => {
  return async () => {
    const answer = await desk.patch(amina, `/conversations/${id}`, body);
    if (answer.status >= 300) throw new Error(answer.text);
  };
};
const customer = () => desk.customer;
const say = (who: () => SignedIn, more: object = {}): Step => post(who, '/messages', { ...newMessage(), ...more });
const note: Step = () =>
  desk.post(amina, `/conversations/${id}/notes`, { text: 'Her account was locked.', clientMessageId: ulid() });
const read: Step = async () => {
  const { lastSeq } = (await desk.get(bela, `/conversations/${id}`)).body;
  await desk.post(bela, `/conversations/${id}/receipts`, { readSeq: lastSeq });
};

const steps: readonly (readonly [string, () => Step])[] = [
  ['a message of the customer', () => say(customer)],
  ['an agent reads it without taking the conversation', () => read],
  ['an agent takes the conversation', () => post(() => amina, '/assign', { agentId: 'me' })],
  ['the agent replies', () => say(() => amina)],
  ['an agent writes a note', () => note],
  ['a message after the note', () => say(customer)],
  ['an urgent message', () => say(customer, { urgent: true })],
  ['an agent acknowledges', () => post(() => bela, '/acknowledge')],
  ['the agent returns it to the queue', () => post(() => amina, '/unassign')],
  ['another agent takes it', () => post(() => bela, '/assign', { agentId: 'me' })],
  ['a transfer with a note', () => post(() => bela, '/transfer', { agentId: amina.userId, note: 'Yours' })],
  ['the agent resolves', () => post(() => amina, '/resolve')],
  ['a message that reopens', () => say(customer)],
  ['the desk closes', () => post(() => amina, '/close')],
  ['the desk reopens', () => post(() => amina, '/reopen')],
  ['new texts', () => change({ subject: 'Locked out', description: 'Since noon', metadata: { page: '/login' } })],
  ['a removed text', () => change({ description: null, priority: 'high' })],
];

describe(`the state of a support conversation (seed ${seed})`, () => {
  it.each(steps)('is that of a loading client after %s', async (name, step) => {
    await step()();
    await expectTheSame(name);
  });

  it('is that of a loading client after a random walk of the customer and two agents', async () => {
    const paths = ['/assign', '/unassign', '/resolve', '/reopen', '/acknowledge'] as const;
    const oneOf = <One>(ones: readonly One[]): One => ones[Math.floor(random() * ones.length)] as One;
    let done = 0;
    for (let step = 0; step < walkSteps; step += 1) {
      const agent = oneOf([amina, bela]);
      const actions = [
        () => desk.post(agent, `/conversations/${id}${oneOf(paths)}`, { agentId: 'me', takeOver: true }),
        () => desk.post(agent, `/conversations/${id}${oneOf(paths.slice(1))}`),
        () => desk.say(oneOf([agent, desk.customer]), id, 'Hello', { urgent: random() < 0.2 }),
        () => desk.post(agent, `/conversations/${id}/notes`, { text: 'A note', clientMessageId: ulid() }),
        () => desk.patch(agent, `/conversations/${id}`, { subject: oneOf(['Locked out', 'Help', null]) }),
        () => desk.post(agent, `/conversations/${id}/receipts`, { readSeq: 1 + Math.floor(random() * 20) }),
      ];
      const answer = await oneOf(actions)();
      if (answer.status >= 500) throw new Error(answer.text);
      if (answer.status < 300) done += 1;
    }
    expect(done).toBeGreaterThan(walkSteps / 4);
    await expectTheSame('a walk');
  });

  it('is that of a loading client after the customer wipes the conversation', async () => {
    await say(customer)();
    await desk.post(desk.customer, `/conversations/${id}/wipe`);
    await expectTheSame('a wipe');
  });
});
