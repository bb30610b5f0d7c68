import { ulid } from 'ulid';
import { createHash, randomBytes } from 'node:crypto';
import { keys } from '../../../shared/core/table/keys.ts';
import type { call } from '../raw-client.ts';
import type { OperationId, RouteOf } from '../system/operations.ts';
import { password } from '../system/world.ts';
import { attachmentProvocations } from './attachment-provocations.ts';
import { changeProvocations } from './change-provocations.ts';
import { contendedSlots } from './contention.ts';
import { fileMessages, fileProblems } from './file-message-provocations.ts';
import { registration } from './good-requests.ts';
import { groupProvocations, startProvocations } from './group-provocations.ts';
import { functionOf, send } from './implied-provocations.ts';
import type { Provocation } from './provocation.ts';
import { receiptProvocations } from './receipt-provocations.ts';
import { searchProvocations } from './search-provocations.ts';
import { closedSlug, newMessage, messagesPerMinute, slug, type Stage, strictSlug, textLength } from './stage.ts';
import { untilRefused, verificationProvocations } from './verification-provocations.ts';

type Declared<Id extends OperationId> = RouteOf<Id>['problems'][number]['name'];

const weak = 'Password-1!';
const strong = 'Harbour-lamp-72!';
const counted = 'attempts are counted';

function accountNotFound(operationId: OperationId): Provocation {
  return { provoke: (stage) => send(stage, operationId, { params: { userId: ulid() } }) };
}

function illegalFor(operationId: OperationId, who: (stage: Stage) => string): Provocation {
  return { provoke: (stage) => send(stage, operationId, { params: { userId: who(stage) } }) };
}

/** One that was given out, and whose time is up. */
function expiredCursor(operationId: OperationId, list: (stage: Stage) => string): Provocation {
  return {
    provoke: async (stage) => {
      const page = await send(stage, operationId, { query: { limit: '1' } });
      const given = Buffer.from(String(page.body.nextCursor), 'base64url').toString();
      const [name, position] = JSON.parse(given) as [string, object];
      if (name !== list(stage)) throw new Error(`The cursor is of the list ${name}`);
      const cursor = Buffer.from(JSON.stringify([name, position, Date.now() - 1])).toString('base64url');
      return send(stage, operationId, { query: { cursor } });
    },
  };
}

const strangersConversation = (operationId: OperationId, body?: object): Provocation => ({
  provoke: (stage) =>
    send(stage, operationId, { by: stage.stranger, ...(body === undefined ? {} : { body: { ...body } }) }),
});

/** A link to reset Bob's password, as the function that mails links makes it. */
async function resetToken({ tables, bob, prefix }: Stage): Promise<string> {
  const token = bob.tenantId + randomBytes(32).toString('base64url');
  const { pk, sk } = keys.passwordReset(createHash('sha256').update(token).digest('base64url'));
  const credentials = keys.userCredentials(bob.userId);
  const stored = await tables.get(prefix + credentials.pk, credentials.sk);
  const { userId } = bob;
  const link = { userId, credentialsRevision: stored?.['revision'], goodUntil: Date.now() + 600_000 };
  await tables.put({ pk: prefix + pk, sk, ...link });
  return token;
}

const noProblems = {};

/** Files that cannot be sent. */
const fileProvocations = Object.fromEntries(
  fileProblems.map((name) => [
    name,
    {
      provoke: async (stage: Stage) => {
        const sendFile = (body: object) => send(stage, 'sendMessage', { body: { ...body } });
        return sendFile(await fileMessages[name](stage, sendFile));
      },
      changes: 'a file is announced, and perhaps sent, first',
    },
  ]),
) as unknown as Readonly<Record<(typeof fileProblems)[number], Provocation>>;

/** How the problems are provoked that an operation declares. One without a provocation does not compile. */
export const declaredProvocations: {
  readonly [Id in OperationId]: { readonly [Name in Declared<Id>]: Provocation };
} = {
  getHealth: {
    unhealthy: {
      provoke: (stage) =>
        stage.faults.during(
          ({ functionName, operation }) =>
            functionName === functionOf('getHealth') && operation === 'DescribeKey' ? { kind: 'throttle' } : undefined,
          () => send(stage, 'getHealth'),
        ),
    },
  },
  getJwks: noProblems,
  getOpenidConfiguration: noProblems,
  register: {
    'registration-closed': {
      provoke: (stage) => send(stage, 'register', { body: { ...registration(), tenant: closedSlug } }),
      changes: counted,
    },
    'email-taken': {
      provoke: (stage) => send(stage, 'register', { body: { ...registration(), email: stage.bob.email } }),
      changes: counted,
    },
    'username-taken': {
      provoke: (stage) => send(stage, 'register', { body: { ...registration(), username: stage.bob.username } }),
      changes: counted,
    },
    'weak-password': {
      provoke: (stage) =>
        send(stage, 'register', { body: { ...registration(), password: weak, passwordConfirm: weak } }),
      pointers: ['/body/password'],
      changes: counted,
    },
    'too-many-attempts': {
      provoke: (stage) =>
        untilRefused(stage, () =>
          send(stage, 'register', { body: { ...registration(), password: weak, passwordConfirm: weak } }),
        ),
      changes: counted,
    },
  },
  login: {
    'invalid-credentials': {
      provoke: (stage) => send(stage, 'login', { body: { tenant: slug, email: stage.alice.email, password: 'x' } }),
      changes: counted,
    },
    'account-pending': {
      provoke: (stage) => send(stage, 'login', { body: { tenant: slug, email: stage.pending.email, password } }),
      changes: counted,
    },
    'account-suspended': {
      provoke: (stage) => send(stage, 'login', { body: { tenant: slug, email: stage.suspended.email, password } }),
      changes: counted,
    },
    'email-not-verified': {
      provoke: (stage) =>
        send(stage, 'login', { body: { tenant: strictSlug, email: stage.unverified.email, password } }),
      changes: counted,
    },
    'too-many-attempts': {
      provoke: (stage) =>
        untilRefused(stage, () =>
          send(stage, 'login', { body: { tenant: slug, email: stage.alice.email, password: 'x' } }),
        ),
      changes: counted,
    },
  },
  refresh: {
    'invalid-token': { provoke: (stage) => send(stage, 'refresh', { body: { refreshToken: 'x'.repeat(164) } }) },
  },
  logout: noProblems,
  verifyToken: {
    'invalid-token': { provoke: (stage) => send(stage, 'verifyToken', { body: { token: `${stage.bob.token}A` } }) },
  },
  forgotPassword: {
    'too-many-attempts': {
      provoke: (stage) => untilRefused(stage, () => send(stage, 'forgotPassword')),
      changes: 'mails are asked for until it is too often',
    },
  },
  resetPassword: {
    'invalid-token': { provoke: (stage) => send(stage, 'resetPassword') },
    'weak-password': {
      provoke: async (stage) =>
        send(stage, 'resetPassword', { body: { token: await resetToken(stage), newPassword: weak } }),
      pointers: ['/body/newPassword'],
      changes: 'the link is made for it',
    },
  },
  ...verificationProvocations,
  changePassword: {
    'invalid-credentials': {
      provoke: (stage) => send(stage, 'changePassword', { body: { currentPassword: 'x', newPassword: strong } }),
      changes: counted,
    },
    'weak-password': {
      provoke: (stage) => send(stage, 'changePassword', { body: { currentPassword: password, newPassword: weak } }),
      pointers: ['/body/newPassword'],
      changes: counted,
    },
    'too-many-attempts': {
      provoke: (stage) =>
        untilRefused(stage, () =>
          send(stage, 'changePassword', { body: { currentPassword: 'x', newPassword: strong } }),
        ),
      changes: counted,
    },
  },
  createTicket: noProblems,
  listUsers: { 'invalid-cursor': expiredCursor('listUsers', () => 'users') },
  getMe: noProblems,
  updateMe: {
    'username-taken': { provoke: (stage) => send(stage, 'updateMe', { body: { username: stage.bob.username } }) },
  },
  listAccounts: { 'invalid-cursor': expiredCursor('listAccounts', () => 'accounts all') },
  approveUser: {
    'user-not-found': accountNotFound('approveUser'),
    'illegal-transition': illegalFor('approveUser', ({ suspended }) => suspended.userId),
  },
  rejectUser: {
    'user-not-found': accountNotFound('rejectUser'),
    'illegal-transition': illegalFor('rejectUser', ({ bob }) => bob.userId),
  },
  suspendUser: {
    'user-not-found': accountNotFound('suspendUser'),
    'illegal-transition': illegalFor('suspendUser', ({ pending }) => pending.userId),
  },
  reactivateUser: {
    'user-not-found': accountNotFound('reactivateUser'),
    'illegal-transition': illegalFor('reactivateUser', ({ pending }) => pending.userId),
  },
  listConversations: {
    'invalid-cursor': expiredCursor('listConversations', ({ alice }) => `conversations/${alice.userId}`),
  },
  createConversation: {
    'user-not-found': {
      provoke: (stage) =>
        send(stage, 'createConversation', { body: { kind: 'direct', userId: stage.suspended.userId } }),
    },
    'conversation-with-self': {
      provoke: (stage) => send(stage, 'createConversation', { body: { kind: 'direct', userId: stage.alice.userId } }),
      pointers: ['/body/userId'],
    },
    ...startProvocations,
  },
  ...groupProvocations,
  getConversation: { 'conversation-not-found': strangersConversation('getConversation') },
  catchUp: noProblems,
  getPresence: noProblems,
  updatePresence: noProblems,
  listMessages: { 'conversation-not-found': strangersConversation('listMessages') },
  ...changeProvocations,
  getMessage: {
    'conversation-not-found': strangersConversation('getMessage'),
    'message-not-found': {
      provoke: (stage) =>
        send(stage, 'getMessage', { params: { conversationId: stage.conversation, seq: '999999999999' } }),
    },
  },
  ...attachmentProvocations,
  ...receiptProvocations,
  ...searchProvocations,
  sendMessage: {
    ...fileProvocations,
    'conversation-not-found': strangersConversation('sendMessage', newMessage()),
    'message-too-long': {
      provoke: (stage) => send(stage, 'sendMessage', { body: newMessage('x'.repeat(textLength + 1)) }),
      pointers: ['/body/text'],
    },
    'reference-not-found': {
      provoke: (stage) => send(stage, 'sendMessage', { body: { ...newMessage(), replyTo: 999_999 } }),
      pointers: ['/body/replyTo'],
    },
    throttled: {
      provoke: (stage) =>
        untilThrottled(stage, () => send(stage, 'sendMessage', { by: stage.bob, body: newMessage() })),
      changes: 'messages are sent until there are too many',
    },
    'clock-skew': {
      provoke: (stage) =>
        send(stage, 'sendMessage', { body: { ...newMessage(), clientMessageId: ulid(Date.now() + 10 * 60_000) } }),
    },
    'idempotency-conflict': {
      provoke: async (stage) => {
        const body = newMessage();
        await send(stage, 'sendMessage', { body });
        return send(stage, 'sendMessage', { body: { ...body, text: 'other' } });
      },
      changes: 'the first of the two is sent',
    },
    'conversation-busy': {
      provoke: (stage) => contendedSlots(stage, functionOf('sendMessage'), () => send(stage, 'sendMessage')),
      changes: 'others get on in its place',
    },
  },
};

/** The tenant's limit is counted over a minute that passes by itself. */
async function untilThrottled(stage: Stage, ask: () => ReturnType<typeof call>) {
  for (let count = 0; count <= messagesPerMinute; count += 1) {
    const answer = await ask();
    if (answer.status === 429) return answer;
  }
  throw new Error(`${slug} lets more than ${messagesPerMinute} messages through`);
}
