import { once } from 'node:events';
import { ulid } from 'ulid';
import type { Fault } from '../../../local/fault-plan.ts';
import type { frameProblems } from '../../../shared/contract/problems.ts';
import { useLimits } from '../../../shared/features/identity/attempt-limits.ts';
import { actionsByFunction } from '../../../shared/contract/registry.ts';
import { largestFrame } from '../../../shared/contract/sockets/frame-limit.ts';
import { connect } from '../people.ts';
import { call, type RawSocket } from '../raw-client.ts';
import type { ActionName, ActionOf } from '../system/operations.ts';
import type { Person } from '../system/world.ts';
import { contendedSlots } from './contention.ts';
import { fileMessages, fileProblems } from './file-message-provocations.ts';
import { changeFrameProvocations, goodChangeFrames } from './frame-change-provocations.ts';
import type { FrameProblem, FrameProvocation } from './provocation.ts';
import { limited } from './group-provocations.ts';
import { goodReceiptFrames, receiptFrameProvocations } from './receipt-provocations.ts';
import { newMessage, messagesPerMinute, type Stage, textLength } from './stage.ts';

type Declared<Name extends ActionName> = ActionOf<Name>['problems'][number]['name'];
type Implied = (typeof frameProblems)[number]['name'];

/** The function that answers an action, by its whole name. */
function functionOf(action: ActionName): string {
  const served = Object.entries(actionsByFunction).find(([, group]) => group.some((one) => one.action === action));
  return `switchboard-dev-${served?.[0] ?? ''}`;
}

/** A frame with nothing wrong. */
export const goodFrames: { readonly [Name in ActionName]: (stage: Stage) => Readonly<Record<string, unknown>> } = {
  ping: () => ({}),
  'presence.update': () => ({ status: 'away' }),
  hello: ({ conversation }) => ({ resume: { [conversation]: 0 } }),
  'message.send': ({ conversation }) => ({ conversationId: conversation, ...newMessage() }),
  ...goodChangeFrames,
  ...goodReceiptFrames,
};

/** Opens a socket, has something done with it, and closes it. */
async function withSocket<Result>(
  stage: Stage,
  who: Person,
  work: (socket: RawSocket) => Promise<Result>,
): Promise<Result> {
  const socket = await connect(stage.test, who);
  try {
    return await work(socket);
  } finally {
    await socket.close();
  }
}

async function sendFrame(stage: Stage, action: string, data: unknown, who = stage.alice): Promise<FrameProblem> {
  return withSocket(stage, who, (socket) => socket.request(action, data) as Promise<FrameProblem>);
}

function whileFailing(stage: Stage, action: ActionName, fault: Fault): Promise<FrameProblem> {
  const functionName = functionOf(action);
  return withSocket(stage, stage.alice, async (socket) => {
    // Remembering the connection would spare it the reading; posts have to get through, to tell.
    await stage.test.run.functions.recycle(functionName);
    return stage.faults.during(
      (planned) => (planned.functionName === functionName && planned.service === 'dynamodb' ? fault : undefined),
      () => socket.request(action, goodFrames[action](stage)) as Promise<FrameProblem>,
    );
  });
}

/** How each problem is provoked that every frame can meet. */
export const impliedFrameProvocations: { readonly [Name in Implied]: (action: ActionName) => FrameProvocation } = {
  'malformed-frame': (action) => ({
    provoke: (stage) =>
      withSocket(stage, stage.alice, async (socket) => {
        socket.socket.send(JSON.stringify({ action, ref: 'r', data: goodFrames[action](stage), surprise: true }));
        return (await socket.frame((frame) => frame.type === 'error')) as FrameProblem;
      }),
    pointers: ['/frame/surprise'],
  }),
  'unknown-action': (action) => ({ provoke: (stage) => sendFrame(stage, `${action}.not`, goodFrames[action](stage)) }),
  'payload-too-large': (action) => ({
    provoke: (stage) =>
      withSocket(stage, stage.alice, async (socket) => {
        const text = JSON.stringify({ action, ref: 'r', data: { padding: 'x'.repeat(largestFrame) } });
        // In two frames, each of which the platform takes.
        socket.socket.send(text.slice(0, 20_000), { fin: false });
        socket.socket.send(text.slice(20_000), { fin: true });
        return (await socket.frame((frame) => frame.type === 'error')) as FrameProblem;
      }),
  }),
  'validation-failed': (action) => ({
    provoke: (stage) => sendFrame(stage, action, { ...goodFrames[action](stage), 'sur/prise': true }),
    pointers: ['/data/sur~1prise'],
  }),
  'session-ended': (action) => ({
    provoke: (stage) =>
      withSocket(stage, stage.stranger, async (socket) => {
        await forgetConnections(stage, stage.stranger);
        const [answer] = await Promise.all([
          socket.request(action, goodFrames[action](stage)) as Promise<FrameProblem>,
          once(socket.socket, 'close'),
        ]);
        return answer;
      }),
  }),
  'too-many-connections': (action) => ({
    provoke: (stage) =>
      withSocket(stage, stage.stranger, async (socket) => {
        await displaceConnections(stage, stage.stranger);
        const [answer] = await Promise.all([
          socket.request(action, goodFrames[action](stage)) as Promise<FrameProblem>,
          once(socket.socket, 'close'),
        ]);
        return answer;
      }),
  }),
  'internal-error': (action) => ({
    provoke: (stage) => whileFailing(stage, action, { kind: 'status', status: 400, code: 'AccessDeniedException' }),
  }),
  'service-busy': (action) => ({ provoke: (stage) => whileFailing(stage, action, { kind: 'throttle' }) }),
};

/** What the end of a session does, before its sockets are closed. */
async function forgetConnections({ tables, prefix, test }: Stage, { userId }: Person): Promise<void> {
  await tables.delete(`${prefix}U#${userId}`, 'CONNECTIONS');
  await test.run.functions.recycle();
}

/** Marks a user's connections as a newer one does before it closes them. */
async function displaceConnections({ tables, prefix, test }: Stage, { userId }: Person): Promise<void> {
  const { pk, sk } = { pk: `${prefix}U#${userId}`, sk: 'CONNECTIONS' };
  const connections = Object.entries((await tables.get(pk, sk)) ?? {}).filter(([name]) => name.startsWith('c:'));
  for (const [name, stored] of connections) await tables.set(pk, sk, name, { ...(stored as object), displaced: true });
  await test.run.functions.recycle();
}

/** Files that cannot be sent. */
const fileProvocations = Object.fromEntries(
  fileProblems.map((name) => [
    name,
    {
      provoke: async (stage: Stage) => {
        const sendFile = (fileMessage: object) =>
          sendFrame(stage, 'message.send', { conversationId: stage.conversation, ...fileMessage });
        return sendFile(await fileMessages[name](stage, sendFile));
      },
      changes: 'a file is announced, and perhaps sent, first',
    },
  ]),
) as unknown as Readonly<Record<(typeof fileProblems)[number], FrameProvocation>>;

/** How the problems are provoked that an action declares. One without a provocation does not compile. */
export const declaredFrameProvocations: {
  readonly [Name in ActionName]: { readonly [Problem in Declared<Name>]: FrameProvocation };
} = {
  ping: {},
  hello: {
    'rate-limited': limited(
      useLimits.catchUps,
      ({ alice }) => alice.userId,
      (stage) => sendFrame(stage, 'hello', goodFrames.hello(stage)),
    ),
  },
  'presence.update': {},
  ...changeFrameProvocations(sendFrame),
  ...receiptFrameProvocations(sendFrame),
  'message.send': {
    ...fileProvocations,
    'conversation-not-found': {
      provoke: (stage) => sendFrame(stage, 'message.send', goodFrames['message.send'](stage), stage.stranger),
    },
    'message-too-long': {
      provoke: (stage) =>
        sendFrame(stage, 'message.send', {
          conversationId: stage.conversation,
          ...newMessage('x'.repeat(textLength + 1)),
        }),
      pointers: ['/data/text'],
    },
    'reference-not-found': {
      provoke: (stage) =>
        sendFrame(stage, 'message.send', { ...goodFrames['message.send'](stage), mentions: [stage.stranger.userId] }),
      pointers: ['/data/mentions/0'],
    },
    throttled: {
      provoke: (stage) =>
        withSocket(stage, stage.bob, async (socket) => {
          for (let count = 0; count <= messagesPerMinute; count += 1) {
            const answer = (await socket.request('message.send', goodFrames['message.send'](stage))) as FrameProblem;
            if (answer.type === 'error') return answer;
          }
          throw new Error(`More than ${messagesPerMinute} messages got through`);
        }),
      changes: 'messages are sent until there are too many',
    },
    'clock-skew': {
      provoke: (stage) =>
        sendFrame(stage, 'message.send', {
          ...goodFrames['message.send'](stage),
          clientMessageId: ulid(Date.now() + 10 * 60_000),
        }),
    },
    'idempotency-conflict': {
      provoke: async (stage) => {
        const data = goodFrames['message.send'](stage);
        const path = `/api/v1/conversations/${stage.conversation}/messages`;
        const { conversationId: _, ...body } = data;
        await call(stage.test.url, 'POST', path, { token: stage.alice.token, body });
        return sendFrame(stage, 'message.send', { ...data, text: 'other' });
      },
      changes: 'the first of the two is sent',
    },
    'conversation-busy': {
      provoke: (stage) =>
        contendedSlots(stage, functionOf('message.send'), () =>
          sendFrame(stage, 'message.send', goodFrames['message.send'](stage)),
        ),
      changes: 'others get on in its place',
    },
  },
};
