import { expect } from 'vitest';
import { reactionAdd } from '../../shared/contract/messages/message-changes.ts';
import { addReaction } from '../../shared/contract/messages/reactions.ts';
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
  fullOfReactions,
  lifebuoy,
  onMessage,
  onMessageFrame,
  reactionIdFrameProblems,
  reactionIdProblems,
} from '../integration/problems/message-provocations.ts';
import { onFirstMessage } from '../integration/problems/stage.ts';
import * as replay from '../integration/replay/replay-stage.ts';
import { defineCard, defineFrameCard } from './kit/define-card.ts';

const swept: MessageChange = {
  method: 'PUT',
  path: reactionPath,
  action: reactionAdd.action,
  data: () => ({ emoji }),
  expected: (userId) => ({ reactions: [{ emoji, userIds: [userId] }] }),
  versions: 1,
};

export const card = defineCard(addReaction, {
  matrix: onMessages(
    (_, request) => [{ request, status: 200 }],
    () => ({ params: { emoji } }),
  ),
  goodRequest: (stage) => onFirstMessage(stage, { emoji }),
  problems: {
    ...changeProblems(),
    ...reactionIdProblems,
    'message-deleted': onMessage(deleted),
    'too-many-reactions': onMessage(fullOfReactions),
  },
  crash: { sweeps: { 'react over HTTP': changeOverHttp(swept) } },
  replay: replay.overHttp('PUT', replay.reactionPath),
  walk: async (scene) => {
    const [{ to }, { path, seq }] = await Promise.all([scene.audience(), scene.message()]);
    await scene.answer(200, 'PUT', `${path}/messages/${seq}${reactionPath}`, to);
  },
});

export const frameCard = defineFrameCard(reactionAdd, {
  matrix: onMessageFrames({ emoji: '🎉' }, false),
  goodFrame: ({ conversation }) => ({ conversationId: conversation, seq: 1, emoji: '🎉' }),
  problems: {
    ...changeFrameProblems({}, { emoji: lifebuoy }),
    ...reactionIdFrameProblems,
    'message-deleted': onMessageFrame(deleted),
    'too-many-reactions': onMessageFrame(fullOfReactions),
  },
  crash: { sweeps: { 'react over the socket': changeInFrame(swept) } },
  replay: replay.inFrame('reaction.add', (seq) => ({ seq, emoji: replay.thumb })),
  walk: async (scene) => {
    const [{ id }, { seq }, socket] = await Promise.all([scene.audience(), scene.message(), scene.socket()]);
    const answer = await scene.request(socket, 'reaction.add', { conversationId: id, seq, emoji });
    expect(answer.type).toBe('ack');
  },
});
