import { groupCalls } from '../groups/group-calls.ts';
import { newMessage } from '../system/new-message.ts';
import { inGroup, perform, reactionPath, type ReplayStep } from './replay-stage.ts';

/** Run after the steps of the cards. */
export const furtherSteps: Readonly<Record<string, ReplayStep>> = {
  'a former participant is added again': inGroup(
    'POST',
    () => '/participants',
    ({ dan }) => ({ participants: [{ userId: dan.userId }] }),
  ),
  'a message that a newcomer does not see is edited, reacted to and deleted': async (stage) => {
    const { alice, bob, dan, group } = stage;
    const path = `/conversations/${group}`;
    const { seq } = await perform(stage, alice, 'POST', `${path}/messages`, newMessage('before'));
    await perform(stage, alice, 'DELETE', `${path}/participants/${dan.userId}`);
    await perform(stage, alice, 'POST', `${path}/participants`, { participants: [{ userId: dan.userId }] });
    await perform(stage, alice, 'PATCH', `${path}/messages/${seq}`, { text: 'better' });
    await perform(stage, bob, 'PUT', `${path}${reactionPath(seq)}`);
    await perform(stage, alice, 'DELETE', `${path}/messages/${seq}`);
  },
  'a conversation is read and marked as unread again': async (stage) => {
    const path = `/conversations/${stage.direct}/receipts`;
    const { lastSeq } = await perform(stage, stage.bob, 'GET', `/conversations/${stage.direct}`);
    await perform(stage, stage.bob, 'POST', path, { readSeq: lastSeq });
    await perform(stage, stage.bob, 'POST', path, { unreadFrom: Math.max(1, lastSeq - 3) });
  },
  'every participant writes and replies': async (stage) => {
    for (const who of [stage.bob, stage.carol, stage.dan, stage.alice]) {
      const path = `/conversations/${stage.group}/messages`;
      const { seq } = await perform(stage, who, 'POST', path, { ...newMessage(), mentions: [stage.bob.userId] });
      await perform(stage, who, 'POST', path, { ...newMessage(), replyTo: seq, urgent: true });
    }
  },
  'the only admin leaves and the next admin follows': async (stage) => {
    const id = await groupCalls(stage.test).started(stage.carol, [stage.bob, stage.dan]);
    await perform(stage, stage.bob, 'POST', `/conversations/${id}/messages`, newMessage());
    await perform(stage, stage.carol, 'DELETE', `/conversations/${id}/participants/me`);
  },
};
