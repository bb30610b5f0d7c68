import { expect } from 'vitest';
import { acknowledgeConversation } from '../../shared/contract/desk/status.ts';
import { deskOfWalk } from '../integration/desk/walked-desk.ts';
import { onSupport } from '../integration/matrix/support-slots.ts';
import { byOtherAgent, inSupport, newSupport, onDirect } from '../integration/problems/desk-provocations.ts';
import { contendedSlots } from '../integration/problems/contention.ts';
import { newMessage } from '../integration/system/new-message.ts';
import { perform } from '../integration/replay/replay-stage.ts';
import { defineCard } from './kit/define-card.ts';

export const card = defineCard(acknowledgeConversation, {
  matrix: onSupport(() => ({}), { status: 200 }),
  goodRequest: inSupport,
  problems: {
    'conversation-not-found': byOtherAgent,
    'not-a-support-conversation': onDirect,
    'conversation-busy': {
      provoke: async (stage, { send, functionName }) => {
        const conversation = await newSupport(stage, 'waiting', { priority: 'urgent' });
        const params = { conversationId: conversation };
        const answer = await contendedSlots({ ...stage, conversation }, functionName, () => send({ params }));
        await stage.test.run.functions.recycle(functionName);
        // Ends the escalation.
        await send({ params });
        return answer;
      },
      changes: 'another writer takes the slots',
    },
  },
  crash: { sweptBy: 'resolveConversation', because: 'Both make one change of a conversation.' },
  replay: async (stage) => {
    const path = `/conversations/${stage.support}`;
    await perform(stage, stage.alice, 'POST', `${path}/messages`, { ...newMessage(), urgent: true });
    await perform(stage, stage.agent, 'POST', `${path}/acknowledge`);
  },
  walk: async (scene) => {
    const { agent, start } = await deskOfWalk(scene);
    const path = `/api/v1/conversations/${await start({ priority: 'urgent' })}`;
    const acknowledged = await scene.answer(200, 'POST', `${path}/acknowledge`, agent);
    expect(acknowledged.urgency.acknowledgedBy).toBe(agent.userId);
    await scene.answer(200, 'POST', `${path}/close`, agent);
  },
});
