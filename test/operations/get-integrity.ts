import { expect } from 'vitest';
import { getIntegrity } from '../../shared/contract/transcripts/get-integrity.ts';
import { useLimits } from '../../shared/features/identity/attempt-limits.ts';
import { conversationSlot, inOwn } from '../integration/matrix/conversation-slots.ts';
import { limited } from '../integration/problems/limit-provocations.ts';
import { byStranger } from '../integration/problems/message-provocations.ts';
import type { ProvokedOperation } from '../integration/problems/provocation.ts';
import { inConversation } from '../integration/problems/stage.ts';
import { defineCard } from './kit/define-card.ts';

export const card = defineCard(getIntegrity, {
  matrix: {
    own: (caller) => inOwn(caller, [{ request: {}, status: 200 }]),
    slots: { 'path.conversationId': conversationSlot({}) },
  },
  goodRequest: inConversation,
  problems: {
    'conversation-not-found': byStranger,
    'rate-limited': limited(
      useLimits.integrity,
      ({ alice }) => alice.userId,
      (_, { send }: ProvokedOperation) => send(),
    ),
  },
  crash: { writesNothing: 'It only reads, and counts the request.' },
  replay: { announcesNothing: 'It only reads.' },
  walk: async (scene) => {
    const [{ to }, { path }] = await Promise.all([scene.audience(), scene.message()]);
    expect(await scene.answer(200, 'GET', `${path}/integrity`, to)).toMatchObject({ verdict: 'intact' });
  },
});
