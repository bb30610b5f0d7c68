import { expect } from 'vitest';
import { getTranscript } from '../../shared/contract/transcripts/get-transcript.ts';
import { useLimits } from '../../shared/features/identity/attempt-limits.ts';
import { conversationSlot, inOwn } from '../integration/matrix/conversation-slots.ts';
import { cursorCases } from '../integration/matrix/cursor-cases.ts';
import { limited } from '../integration/problems/limit-provocations.ts';
import { byStranger } from '../integration/problems/message-provocations.ts';
import type { ProvokedOperation } from '../integration/problems/provocation.ts';
import { inConversation } from '../integration/problems/stage.ts';
import { defineCard } from './kit/define-card.ts';

export const card = defineCard(getTranscript, {
  matrix: {
    own: (caller) =>
      inOwn(caller, [
        { request: {}, status: 200 },
        { request: { query: { format: 'csv' } }, status: 200 },
      ]),
    slots: {
      'path.conversationId': conversationSlot({}),
      'query.cursor': (caller) =>
        cursorCases(caller).map((slot) => ({
          ...slot,
          request: { ...slot.request, params: { conversationId: caller.foreign.conversation } },
        })),
    },
  },
  goodRequest: inConversation,
  problems: {
    'conversation-not-found': byStranger,
    'invalid-cursor': {
      provoke: ({ conversation }, { send }) => {
        const expired = JSON.stringify([`transcript/${conversation}`, { after: '1' }, Date.now() - 1]);
        return send({ query: { cursor: Buffer.from(expired).toString('base64url') } });
      },
    },
    'rate-limited': limited(
      useLimits.transcripts,
      ({ alice }) => alice.userId,
      (_, { send }: ProvokedOperation) => send(),
    ),
  },
  crash: { writesNothing: 'It only reads, and counts the request.' },
  replay: { announcesNothing: 'It only reads.' },
  walk: async (scene) => {
    const [{ to }, { path }] = await Promise.all([scene.audience(), scene.message()]);
    for (const format of ['txt', 'signed']) {
      const { nextCursor } = await scene.answer(200, 'GET', `${path}/transcript?format=${format}`, to);
      expect(nextCursor).toBeNull();
    }
  },
});
