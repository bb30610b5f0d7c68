import { deckOf } from '../log/seeded-random.ts';
import { call, type SignedIn } from '../raw-client.ts';
import { newMessage } from '../system/new-message.ts';
import { reactionPath, type ReplayStage } from './replay-stage.ts';

type Request = readonly [method: string, path: string, body?: object];

type MadeRequest = (seq: number, stage: ReplayStage) => Request;

const messages: readonly MadeRequest[] = [
  () => ['POST', '/messages', newMessage()],
  () => ['POST', '/messages', newMessage('something else')],
];

const requests: readonly MadeRequest[] = [
  ...messages,
  (seq) => ['PATCH', `/messages/${seq}`, { text: `edited at ${seq}` }],
  (seq) => ['DELETE', `/messages/${seq}`],
  (seq) => ['PUT', reactionPath(seq)],
  (seq) => ['PUT', reactionPath(seq, '🎉')],
  (seq) => ['DELETE', reactionPath(seq)],
  (seq) => ['POST', '/receipts', { readSeq: seq }],
  (seq) => ['POST', '/receipts', { deliveredSeq: seq }],
  (seq) => ['POST', '/receipts', { unreadFrom: seq }],
  (seq) => ['PATCH', '', { name: `Group ${seq}` }],
  (_, { dan }) => ['POST', '/participants', { participants: [{ userId: dan.userId }] }],
  (_, { dan }) => ['DELETE', `/participants/${dan.userId}`],
  (_, { carol }) => ['PATCH', `/participants/${carol.userId}`, { role: 'admin' }],
  (_, { carol }) => ['PATCH', `/participants/${carol.userId}`, { role: 'member' }],
];

/** Random users act, several at a time. Returns the number of accepted requests. */
export async function walk(stage: ReplayStage, steps: number, random: () => number): Promise<number> {
  const { alice, bob, carol, dan, direct, group, test } = stage;
  const oneOf = <One>(ones: readonly One[]): One => ones[Math.floor(random() * ones.length)] as One;
  const isSure = deckOf({ yes: 2, no: 1 }, random);
  let done = 0;
  const step = async (who: SignedIn): Promise<void> => {
    const writes = (who === alice || who === bob) && isSure() === 'yes';
    const id = writes ? group : oneOf([direct, group, group]);
    const path = `/api/v1/conversations/${id}`;
    const conversation = await call(test.url, 'GET', path, { token: who.token });
    const end: number = conversation.body.lastSeq ?? 1;
    const [method, rest, body] = oneOf(writes ? messages : requests)(
      Math.max(1, end - Math.floor(random() * 12)),
      stage,
    );
    const answer = await call(test.url, method, path + rest, {
      token: who.token,
      ...(body === undefined ? {} : { body }),
    });
    if (answer.status >= 500) throw new Error(`${method} ${rest}: ${answer.text}`);
    if (answer.status < 300) done += 1;
  };
  for (let count = 0; count < steps; count += 4) await Promise.all([alice, bob, carol, dan].map(step));
  return done;
}
