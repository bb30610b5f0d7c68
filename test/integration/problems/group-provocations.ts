import { changeConversation } from '../../../shared/contract/groups/change-conversation.ts';
import { contendedSlots } from './contention.ts';
import { byStranger } from './message-provocations.ts';
import type { Provocation } from './provocation.ts';
import { sendRequest } from './send-request.ts';
import { forgetAttempts, newGroup, type Stage } from './stage.ts';

/** How the problems are provoked that all operations on a group have in common. */

/** Alice's request about Bob in her group. */
export const onBob = ({ alice, bob, group }: Stage) => ({
  by: alice,
  params: { conversationId: group, userId: bob.userId },
});

/** People who do not fit into the group. */
export function tooMany({ admin, guest, stranger }: Stage) {
  return [admin, guest, stranger].map(({ userId }) => ({ userId }));
}

/** One more group of Alice's, past her limit of new ones. */
async function anotherGroup(stage: Stage): Promise<string> {
  await forgetAttempts(stage);
  return newGroup(stage.test, stage.alice, stage.bob);
}

/** A group whose admin has renamed it until the limit. */
async function groupAtLimit(stage: Stage): Promise<string> {
  const group = await anotherGroup(stage);
  for (let count = 0; count <= 61; count += 1) {
    const request = { by: stage.alice, params: { conversationId: group }, body: { name: `Crew ${count}` } };
    const answer = await sendRequest(stage, changeConversation, request);
    if (answer.status === 429) return group;
  }
  throw new Error('Alice has no limit of names');
}

/** The parameters of the good request with another conversation. */
const inConversation = (stage: Stage, conversationId: string) => ({
  params: { conversationId, userId: stage.bob.userId },
});

export const groupProblems = {
  'conversation-not-found': byStranger,
  'not-a-group': { provoke: (stage, { send }) => send(inConversation(stage, stage.conversation)) },
  'not-group-admin': {
    provoke: (stage, { send }) =>
      send({ by: stage.bob, params: { conversationId: stage.group, userId: stage.alice.userId } }),
  },
  throttled: {
    provoke: async (stage, { send }) => send(inConversation(stage, await groupAtLimit(stage))),
    changes: 'the name of a group is changed until the limit',
  },
  'conversation-busy': {
    provoke: async (stage, { send, functionName }) => {
      const conversation = await anotherGroup(stage);
      return contendedSlots({ ...stage, conversation }, functionName, () => send(inConversation(stage, conversation)));
    },
    changes: 'others take the slots in its place',
  },
} as const satisfies Readonly<Record<string, Provocation>>;
