import { ulid } from 'ulid';
import { type AttemptLimit, useLimits } from '../../../shared/features/identity/attempt-limits.ts';
import type { HttpAnswer } from '../raw-client.ts';
import { contendedSlots } from './contention.ts';
import { functionOf, send } from './implied-provocations.ts';
import type { Provocation } from './provocation.ts';
import { exhaust, forgetAttempts, newGroup, type Stage } from './stage.ts';

/** How the problems of groups are provoked. */

type GroupOperation = 'changeConversation' | 'addParticipants' | 'changeParticipant' | 'removeParticipant';

const made = 'a group is made for it';

/** The operation's good request on another conversation. */
function inConversation(stage: Stage, operationId: GroupOperation, conversationId: string, body?: object) {
  const params = { conversationId, userId: stage.bob.userId };
  return send(stage, operationId, { params, ...(body === undefined ? {} : { body: { ...body } }) });
}

/** One more group of Alice's, however many there are. */
async function anotherGroup(stage: Stage): Promise<string> {
  await forgetAttempts(stage);
  return newGroup(stage.test, stage.alice, stage.bob);
}

/** The answer while a limit of the user is reached. */
export function limited<Answer>(
  limit: AttemptLimit,
  subject: (stage: Stage) => string,
  ask: (stage: Stage) => Promise<Answer>,
) {
  return {
    provoke: async (stage: Stage): Promise<Answer> => {
      await exhaust(stage, limit, subject(stage));
      const answer = await ask(stage);
      await forgetAttempts(stage);
      return answer;
    },
    changes: 'uses are counted',
  };
}

/** A group whose admin has renamed it until it was too often. */
async function tiredGroup(stage: Stage): Promise<string> {
  const group = await anotherGroup(stage);
  for (let count = 0; count <= 61; count += 1) {
    const answer = await inConversation(stage, 'changeConversation', group, { name: `Crew ${count}` });
    if (answer.status === 429) return group;
  }
  throw new Error('Alice is not tired of names');
}

function common(operationId: GroupOperation) {
  return {
    'conversation-not-found': { provoke: (stage: Stage) => send(stage, operationId, { by: stage.stranger }) },
    'not-a-group': { provoke: (stage: Stage) => inConversation(stage, operationId, stage.conversation) },
    'not-group-admin': {
      provoke: (stage: Stage): Promise<HttpAnswer> => {
        const params = { conversationId: stage.group, userId: stage.alice.userId };
        return send(stage, operationId, { by: stage.bob, params });
      },
    },
    throttled: {
      provoke: async (stage: Stage) => inConversation(stage, operationId, await tiredGroup(stage)),
      changes: 'the name of a group is changed until it is too often',
    },
    'conversation-busy': {
      provoke: async (stage: Stage) => {
        const conversation = await anotherGroup(stage);
        return contendedSlots({ ...stage, conversation }, functionOf(operationId), () =>
          inConversation(stage, operationId, conversation),
        );
      },
      changes: 'others get on in its place',
    },
  } satisfies Record<string, Provocation>;
}

const nobody = () => ({ participants: [{ userId: ulid() }] });

function everybody({ admin, guest, stranger }: Stage) {
  return [admin, guest, stranger].map(({ userId }) => ({ userId }));
}

export const groupProvocations = {
  changeConversation: common('changeConversation'),
  addParticipants: {
    ...common('addParticipants'),
    'rate-limited': limited(
      useLimits.invitations,
      ({ alice }) => alice.userId,
      (stage) => send(stage, 'addParticipants'),
    ),
    'user-not-found': {
      provoke: (stage: Stage) => inConversation(stage, 'addParticipants', stage.group, nobody()),
      pointers: ['/body/participants/0/userId'],
    },
    'group-full': {
      provoke: (stage: Stage) =>
        inConversation(stage, 'addParticipants', stage.group, { participants: everybody(stage) }),
    },
  },
  changeParticipant: {
    ...common('changeParticipant'),
    'user-not-found': {
      provoke: (stage: Stage) =>
        send(stage, 'changeParticipant', { params: { conversationId: stage.group, userId: stage.stranger.userId } }),
      pointers: ['/path/userId'],
    },
  },
  removeParticipant: common('removeParticipant'),
};

function founding({ bob }: Stage) {
  return { kind: 'group', name: 'Crew', participants: [{ userId: bob.userId }], clientConversationId: ulid() };
}

/** Those of starting a group. */
export const startProvocations = {
  'rate-limited': limited(
    useLimits.conversations,
    ({ alice }) => alice.userId,
    (stage) => send(stage, 'createConversation', { body: { kind: 'direct', userId: stage.guest.userId } }),
  ),
  'group-full': {
    provoke: (stage) =>
      send(stage, 'createConversation', {
        body: { ...founding(stage), participants: [{ userId: stage.bob.userId }, ...everybody(stage)] },
      }),
  },
  'clock-skew': {
    provoke: (stage) =>
      send(stage, 'createConversation', {
        body: { ...founding(stage), clientConversationId: ulid(Date.now() + 10 * 60_000) },
      }),
  },
  'idempotency-conflict': {
    provoke: async (stage) => {
      const body = founding(stage);
      await send(stage, 'createConversation', { body });
      return send(stage, 'createConversation', { body: { ...body, name: 'Another' } });
    },
    changes: made,
  },
  'conversation-not-found': {
    provoke: async (stage) => {
      const body = founding(stage);
      const { body: group } = await send(stage, 'createConversation', { body });
      await send(stage, 'removeParticipant', { params: { conversationId: group.id as string, userId: 'me' } });
      return send(stage, 'createConversation', { body });
    },
    changes: 'a group is made, and left',
  },
} satisfies Record<string, Provocation>;
