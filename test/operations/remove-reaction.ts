import { expect } from 'vitest';
import { reactionRemove } from '../../shared/contract/messages/message-changes.ts';
import { removeReaction } from '../../shared/contract/messages/reactions.ts';
import {
  changeInFrame,
  changeOverHttp,
  emoji,
  type MessageChange,
  reactionPath,
} from '../integration/crashes/message-change-sweeps.ts';
import { onMessageFrames } from '../integration/matrix/frame-cases.ts';
import { onMessages } from '../integration/matrix/message-slots.ts';
import {
  changeFrameProblems,
  changeProblems,
  deleted,
  lifebuoy,
  onMessage,
  onMessageFrame,
  reactionIdFrameProblems,
  reactionIdProblems,
  withLifebuoy,
} from '../integration/problems/message-provocations.ts';
import { onFirstMessage } from '../integration/problems/stage.ts';
import * as replay from '../integration/replay/replay-stage.ts';
import { defineCard, defineFrameCard } from './kit/define-card.ts';

const swept: MessageChange = {
  method: 'DELETE',
  path: reactionPath,
  action: reactionRemove.action,
  data: () => ({ emoji }),
  before: { method: 'PUT', path: reactionPath },
  expected: () => ({ reactions: undefined }),
  versions: 1,
};

export const card = defineCard(removeReaction, {
  matrix: onMessages(
    (_, request) => [{ request, status: 200 }],
    () => ({ params: { emoji } }),
  ),
  goodRequest: (stage) => onFirstMessage(stage, { emoji }),
  problems: { ...changeProblems(withLifebuoy), ...reactionIdProblems, 'message-deleted': onMessage(deleted) },
  crash: { sweeps: { 'remove a reaction over HTTP': changeOverHttp(swept) } },
  replay: replay.withMessage(async (stage, id, seq) => {
    const path = `/conversations/${id}${replay.reactionPath(seq)}`;
    await replay.perform(stage, stage.alice, 'PUT', path);
    await replay.perform(stage, stage.alice, 'DELETE', path);
  }),
  walk: async (scene) => {
    const [{ to }, { path, seq }] = await Promise.all([scene.audience(), scene.message()]);
    await scene.answer(200, 'PUT', `${path}/messages/${seq}${reactionPath}`, to);
    await scene.answer(200, 'DELETE', `${path}/messages/${seq}${reactionPath}`, to);
  },
});

export const frameCard = defineFrameCard(reactionRemove, {
  matrix: onMessageFrames({ emoji: '🎉' }, false),
  goodFrame: ({ conversation }) => ({ conversationId: conversation, seq: 1, emoji: '🎉' }),
  problems: {
    ...changeFrameProblems(withLifebuoy, { emoji: lifebuoy }),
    ...reactionIdFrameProblems,
    'message-deleted': onMessageFrame(deleted),
  },
  crash: { sweeps: { 'remove a reaction over the socket': changeInFrame(swept) } },
  replay: replay.inTurn(
    replay.inFrame('reaction.add', (seq) => ({ seq, emoji: replay.thumb })),
    replay.withMessage(async (stage, id, seq) => {
      const data = { conversationId: id, seq, emoji: replay.thumb };
      await replay.performFrame(stage, 'reaction.add', data);
      await replay.performFrame(stage, 'reaction.remove', data);
    }),
  ),
  walk: async (scene) => {
    const [{ id }, { seq }, socket] = await Promise.all([scene.audience(), scene.message(), scene.socket()]);
    for (const action of ['reaction.add', 'reaction.remove']) {
      const answer = await scene.request(socket, action, { conversationId: id, seq, emoji });
      expect(answer.type).toBe('ack');
    }
  },
});
