import { ulid } from 'ulid';
import { actions, routes } from '../../../shared/contract/registry.ts';
import { groupCalls } from '../groups/group-calls.ts';
import type { TestRun } from '../harness.ts';
import { call, type Frame, type RawSocket, type SignedIn } from '../raw-client.ts';

/** Where what is done is done, and by whom. */
export interface ReplayStage {
  readonly test: TestRun;
  readonly alice: SignedIn;
  readonly bob: SignedIn;
  readonly carol: SignedIn;
  /** Comes to the group later, and sees nothing of before. */
  readonly dan: SignedIn;
  /** Alice’s, with which she does what is done in frames. */
  readonly socket: RawSocket;
  /** Of Alice and Bob. */
  readonly direct: string;
  /** Of Alice, who is its admin, Bob and Carol. */
  readonly group: string;
}

export type Step = (stage: ReplayStage) => Promise<unknown>;

export async function ask(
  { test }: Pick<ReplayStage, 'test'>,
  who: SignedIn,
  method: string,
  path: string,
  body?: unknown,
): Promise<Frame> {
  const request = { token: who.token, ...(body === undefined ? {} : { body }) };
  const answer = await call(test.url, method, `/api/v1${path}`, request);
  if (answer.status >= 300) throw new Error(`${method} ${path}: ${answer.text}`);
  return answer.body;
}

export const newMessage = (text = 'whatever') => ({ type: 'text', text, clientMessageId: ulid() });
export const thumb = '👍';
export const reactionPath = (seq: number, emoji = thumb) => `/messages/${seq}/reactions/${encodeURIComponent(emoji)}`;

async function frame({ socket }: ReplayStage, action: string, data: object): Promise<void> {
  const answer = await socket.request(action, data);
  if (answer.type === 'error') throw new Error(JSON.stringify(answer.problem));
}

/** Alice writes something, and then does something with it; in both conversations. */
function withMessage(then: (stage: ReplayStage, id: string, seq: number) => Promise<unknown>): Step {
  return async (stage) => {
    for (const id of [stage.direct, stage.group]) {
      const { seq } = await ask(stage, stage.alice, 'POST', `/conversations/${id}/messages`, newMessage());
      await then(stage, id, seq);
    }
  };
}

const overHttp = (method: string, path: (seq: number) => string, body?: (seq: number) => object): Step =>
  withMessage((stage, id, seq) => ask(stage, stage.alice, method, `/conversations/${id}${path(seq)}`, body?.(seq)));
const inFrame = (action: string, data: (seq: number) => object): Step =>
  withMessage((stage, id, seq) => frame(stage, action, { conversationId: id, ...data(seq) }));
const inGroup = (method: string, path: (stage: ReplayStage) => string, body?: (stage: ReplayStage) => object): Step => {
  return (stage) => ask(stage, stage.alice, method, `/conversations/${stage.group}${path(stage)}`, body?.(stage));
};
const dansPath = ({ dan }: ReplayStage) => `/participants/${dan.userId}`;
const both =
  (first: Step, second: Step): Step =>
  async (stage) => {
    await first(stage);
    await second(stage);
  };

const noTimeline = 'is of accounts and sessions';
const notSent = 'a file is in no conversation’s timeline before it is sent';

/** What is done for each operation that may change something, or why it changes nothing that anybody is told of. */
export const rows: Readonly<Record<string, Step | string>> = {
  ...Object.fromEntries(
    ['register', 'login', 'refresh', 'logout', 'forgotPassword', 'resetPassword', 'changePassword']
      .concat([
        'verifyEmail',
        'resendVerification',
        'createTicket',
        'updateMe',
        'approveUser',
        'rejectUser',
        'suspendUser',
        'reactivateUser',
      ])
      .map((name) => [name, noTimeline]),
  ),
  createAttachment: notSent,
  completeAttachment: notSent,
  createConversation: async (stage) => {
    await groupCalls(stage.test).started(stage.alice, [stage.bob, stage.dan]);
    await ask(stage, stage.carol, 'POST', '/conversations', { kind: 'direct', userId: stage.dan.userId });
  },
  sendMessage: withMessage(async () => undefined),
  editMessage: overHttp(
    'PATCH',
    (seq) => `/messages/${seq}`,
    () => ({ text: 'better' }),
  ),
  deleteMessage: overHttp('DELETE', (seq) => `/messages/${seq}`),
  addReaction: overHttp('PUT', reactionPath),
  removeReaction: withMessage(async (stage, id, seq) => {
    const path = `/conversations/${id}${reactionPath(seq)}`;
    await ask(stage, stage.alice, 'PUT', path);
    await ask(stage, stage.alice, 'DELETE', path);
  }),
  changeConversation: inGroup(
    'PATCH',
    () => '',
    () => ({ name: 'Another name' }),
  ),
  addParticipants: inGroup(
    'POST',
    () => '/participants',
    ({ dan }) => ({ participants: [{ userId: dan.userId }] }),
  ),
  changeParticipant: inGroup('PATCH', dansPath, () => ({ role: 'admin' })),
  removeParticipant: inGroup('DELETE', dansPath),
  updateReceipts: both(
    overHttp(
      'POST',
      () => '/receipts',
      (readSeq) => ({ readSeq }),
    ),
    async (stage) => {
      const { lastSeq } = await ask(stage, stage.bob, 'GET', `/conversations/${stage.direct}`);
      await ask(stage, stage.bob, 'POST', `/conversations/${stage.direct}/receipts`, { deliveredSeq: lastSeq });
    },
  ),
  setTyping: overHttp(
    'POST',
    () => '/typing',
    () => ({ typing: true }),
  ),
  updatePresence: (stage) => ask(stage, stage.alice, 'PUT', '/users/me/presence', { status: 'away' }),
  hello: (stage) => frame(stage, 'hello', { resume: { [stage.group]: 0 } }),
  ping: (stage) => frame(stage, 'ping', {}),
  'presence.update': (stage) => frame(stage, 'presence.update', { status: 'online' }),
  'message.send': inFrame('message.send', () => newMessage('in a frame')),
  'message.edit': inFrame('message.edit', (seq) => ({ seq, text: 'better' })),
  'message.delete': inFrame('message.delete', (seq) => ({ seq })),
  'reaction.add': inFrame('reaction.add', (seq) => ({ seq, emoji: thumb })),
  'reaction.remove': both(
    inFrame('reaction.add', (seq) => ({ seq, emoji: thumb })),
    withMessage(async (stage, id, seq) => {
      await frame(stage, 'reaction.add', { conversationId: id, seq, emoji: thumb });
      await frame(stage, 'reaction.remove', { conversationId: id, seq, emoji: thumb });
    }),
  ),
  'receipt.update': inFrame('receipt.update', (deliveredSeq) => ({ deliveredSeq })),
  'typing.start': inFrame('typing.start', () => ({})),
  'typing.stop': both(
    inFrame('typing.start', () => ({})),
    inFrame('typing.stop', () => ({})),
  ),
};

/** What no single operation shows. */
export const further: Readonly<Record<string, Step>> = {
  'somebody comes back': rows['addParticipants'] as Step,
  'what a newcomer does not see is edited, reacted to and deleted': async (stage) => {
    const { alice, bob, dan, group } = stage;
    const path = `/conversations/${group}`;
    const { seq } = await ask(stage, alice, 'POST', `${path}/messages`, newMessage('before'));
    await ask(stage, alice, 'DELETE', `${path}/participants/${dan.userId}`);
    await ask(stage, alice, 'POST', `${path}/participants`, { participants: [{ userId: dan.userId }] });
    await ask(stage, alice, 'PATCH', `${path}/messages/${seq}`, { text: 'better' });
    await ask(stage, bob, 'PUT', `${path}${reactionPath(seq)}`);
    await ask(stage, alice, 'DELETE', `${path}/messages/${seq}`);
  },
  'something is marked as unread, and read again': async (stage) => {
    const path = `/conversations/${stage.direct}/receipts`;
    const { lastSeq } = await ask(stage, stage.bob, 'GET', `/conversations/${stage.direct}`);
    await ask(stage, stage.bob, 'POST', path, { readSeq: lastSeq });
    await ask(stage, stage.bob, 'POST', path, { unreadFrom: Math.max(1, lastSeq - 3) });
  },
  'everybody writes and answers': async (stage) => {
    for (const who of [stage.bob, stage.carol, stage.dan, stage.alice]) {
      const path = `/conversations/${stage.group}/messages`;
      const { seq } = await ask(stage, who, 'POST', path, { ...newMessage(), mentions: [stage.bob.userId] });
      await ask(stage, who, 'POST', path, { ...newMessage(), replyTo: seq, urgent: true });
    }
  },
  'an admin leaves, and another follows': async (stage) => {
    const id = await groupCalls(stage.test).started(stage.carol, [stage.bob, stage.dan]);
    await ask(stage, stage.bob, 'POST', `/conversations/${id}/messages`, newMessage());
    await ask(stage, stage.carol, 'DELETE', `/conversations/${id}/participants/me`);
  },
};

/** Operations that may change something. */
export const changingOperations: readonly string[] = [
  ...routes.filter((route) => route.idempotent !== 'safe').map((route) => route.operationId),
  ...actions.map(({ action }) => action),
];
