import { changeConversation } from '../../../shared/contract/groups/change-conversation.ts';
import { contendedSlots, withOwnGroup } from './contention.ts';
import { byStranger } from './message-provocations.ts';
import type { Provocation } from './provocation.ts';
import { sendRequest } from './send-request.ts';
import type { Stage } from './stage.ts';

export const onBob = ({ alice, bob, group }: Stage) => ({
  by: alice,
  params: { conversationId: group, userId: bob.userId },
});

export function tooMany({ admin, guest, stranger }: Stage) {
  return [admin, guest, stranger].map(({ userId }) => ({ userId }));
}

async function groupAtLimit(stage: Stage): Promise<string> {
  const { conversation: group } = await withOwnGroup(stage);
  for (let count = 0; count <= 61; count += 1) {
    const request = { by: stage.alice, params: { conversationId: group }, body: { name: `Crew ${count}` } };
    const answer = await sendRequest(stage, changeConversation, request);
    if (answer.status === 429) return group;
  }
  throw new Error('No limit rejected Alice’s changes of the name');
}

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
      const own = await withOwnGroup(stage);
      return contendedSlots(own, functionName, () => send(inConversation(own, own.conversation)));
    },
    changes: 'another writer takes the slots',
  },
} as const satisfies Readonly<Record<string, Provocation>>;
