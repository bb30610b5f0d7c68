import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Fault, FaultPlan } from '../../../local/fault-plan.ts';
import { type ChatClient, createChatClient } from '../../../shared/client/chat-client.ts';
import { messagesOf } from '../../../shared/client/timeline.ts';
import type { Message } from '../../../shared/contract/schemas/message.ts';
import { seed } from '../../reporting/seed.ts';
import type { TestRun } from '../../integration/harness.ts';
import { sharedTestRun } from '../../integration/shared-run.ts';
import { type Cast, castOf, password } from '../../integration/people.ts';
import { call } from '../../integration/raw-client.ts';
import { seededRandom } from '../../integration/log/seeded-random.ts';

const messagesEach = 40;
const random = seededRandom(seed);
let isStormy = false;

const faults: FaultPlan = {
  onCall: ({ service, operation }): Fault | undefined => {
    if (!isStormy) return undefined;
    const draw = random();
    if (service === 'execute-api') return draw < 0.2 ? { kind: 'throttle' } : undefined;
    if (operation === 'PutItem') {
      if (draw < 0.04) return { kind: 'lose-reply' };
      if (draw < 0.06) return { kind: 'kill-after' };
      if (draw < 0.08) return { kind: 'kill-before' };
    }
    return undefined;
  },
  onFrame: () => (isStormy ? Math.floor(random() * 15) : undefined),
  dropDisconnect: () => isStormy && random() < 0.5,
};

let test: TestRun;
let cast: Cast;

beforeAll(async () => {
  test = await sharedTestRun(faults);
  cast = await castOf(test, 'storm');
});
afterAll(() => test.stop());

class FragileWebSocket extends WebSocket {
  #left = 5 + Math.floor(random() * 25);

  override send(data: string): void {
    super.send(data);
    this.#left -= 1;
    if (isStormy && this.#left <= 0) this.close();
  }
}

interface Person {
  readonly client: ChatClient;
  readonly received: Message[];
  receives(count: number): Promise<void>;
}

async function personOf(username: string): Promise<Person> {
  const client = await createChatClient({
    url: test.url,
    login: { tenant: cast.slug, username, password },
    WebSocket: FragileWebSocket,
    pingEveryMs: 1000,
    requestTimeoutMs: 1500,
    deadAfterMs: 3000,
    reportsDelivered: false,
  });
  const received: Message[] = [];
  let check: () => void = () => undefined;
  client.on('message', (message) => {
    received.push(message);
    check();
  });
  return {
    client,
    received,
    receives: (count) =>
      new Promise((resolve) => {
        check = () => {
          if (received.length >= count) resolve();
        };
        check();
      }),
  };
}

/** Events contain `sent`; the history contains the current status. */
function withoutStatus({ status: _, ...message }: Message): Omit<Message, 'status'> {
  return message;
}

it('emits every message on every client once and in order when the platform fails', async () => {
  const people = await Promise.all([personOf('alice'), personOf('bob'), personOf('alice')]);
  const [alice, bob, alicesPhone] = people;
  const conversation = await alice.client.startDirect(cast.bob.userId);
  await Promise.all(people.map(({ client }) => client.open(conversation.id)));

  isStormy = true;
  const written = (name: string) => Array.from({ length: messagesEach }, (_, index) => `${name} ${index}`);
  const sent = await Promise.all([
    ...written('alice').map((text) => alice.client.messages.send(conversation.id, text).stored),
    ...written('bob').map((text) => bob.client.messages.send(conversation.id, text).stored),
  ]);
  await Promise.all(people.map((person) => person.receives(2 * messagesEach)));
  isStormy = false;

  const answer = await call(test.url, 'GET', `/api/v1/conversations/${conversation.id}/messages?after=0&limit=100`, {
    token: cast.alice.token,
  });
  const log = answer.body.items as readonly Message[];
  expect(log.map(({ seq }) => seq)).toEqual(Array.from({ length: 2 * messagesEach }, (_, index) => index + 1));
  for (const { received, client } of people) {
    expect(received.map(withoutStatus)).toEqual(log.map(withoutStatus));
    const timeline = client.timeline(conversation.id);
    expect(timeline && messagesOf(timeline).map(withoutStatus)).toEqual(log.map(withoutStatus));
    expect(timeline?.pending).toEqual([]);
  }
  expect(sent.toSorted((a, b) => a.seq - b.seq).map(withoutStatus)).toEqual(log.map(withoutStatus));
  const by = (userId: string) => log.filter(({ senderId }) => senderId === userId).map(({ text }) => text);
  expect([by(cast.alice.userId), by(cast.bob.userId)]).toEqual([written('alice'), written('bob')]);
  for (const { client } of [alice, bob, alicesPhone]) client.close();
});
