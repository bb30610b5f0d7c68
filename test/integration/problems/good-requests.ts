import { ulid } from 'ulid';
import type { OperationId, OperationRequest } from '../system/operations.ts';
import { password, type Person } from '../system/world.ts';
import { newMessage, slug, type Stage } from './stage.ts';

/** A request that would be done, and who sends it. */
export interface GoodRequest extends OperationRequest {
  readonly by: Person;
}

let names = 0;

export function registration() {
  names += 1;
  return {
    tenant: slug,
    ...{ email: `trouble${names}@people.test`, username: `trouble${names}` },
    ...{ firstName: 'New', lastName: 'Comer', password, passwordConfirm: password },
  };
}

export function announcement(conversationId: string) {
  return { conversationId, name: 'notes.txt', contentType: 'text/plain', size: 5, clientAttachmentId: ulid() };
}

const onAccount = (stage: Stage): GoodRequest => ({ by: stage.admin, params: { userId: stage.bob.userId } });
const byAlice = ({ alice }: Stage): GoodRequest => ({ by: alice });
const onAttachment = ({ alice, attachment }: Stage) => ({ by: alice, params: { attachmentId: attachment } });
const inConversation = ({ alice, conversation }: Stage) => ({ by: alice, params: { conversationId: conversation } });

const inGroup = ({ alice, group }: Stage) => ({ by: alice, params: { conversationId: group } });
const onBob = ({ alice, bob, group }: Stage) => ({ by: alice, params: { conversationId: group, userId: bob.userId } });

const onFirstMessage = ({ alice, conversation }: Stage, more: { readonly emoji?: string } = {}) => ({
  by: alice,
  params: { conversationId: conversation, seq: '1', ...more },
});

/** What every provocation starts from: a request with nothing wrong. An operation without one does not compile. */
export const goodRequests: { readonly [Id in OperationId]: (stage: Stage) => GoodRequest } = {
  getHealth: byAlice,
  getJwks: byAlice,
  getOpenidConfiguration: byAlice,
  register: ({ alice }) => ({ by: alice, body: registration() }),
  login: ({ alice }) => ({ by: alice, body: { tenant: slug, email: alice.email, password } }),
  refresh: ({ bob }) => ({ by: bob, body: { refreshToken: bob.refreshToken } }),
  logout: ({ bob }) => ({ by: bob, body: { refreshToken: bob.refreshToken } }),
  verifyToken: ({ bob }) => ({ by: bob, body: { token: bob.token } }),
  forgotPassword: ({ bob }) => ({ by: bob, body: { tenant: slug, email: bob.email } }),
  resetPassword: ({ bob }) => ({
    by: bob,
    body: { token: bob.tenantId + 'x'.repeat(43), newPassword: 'Harbour-lamp-72!' },
  }),
  verifyEmail: ({ bob }) => ({ by: bob, body: { token: bob.tenantId + 'x'.repeat(43), password } }),
  resendVerification: ({ bob }) => ({ by: bob, body: { tenant: slug, email: bob.email } }),
  changePassword: ({ alice }) => ({
    by: alice,
    body: { currentPassword: password, newPassword: 'Harbour-lamp-72!' },
  }),
  createTicket: byAlice,
  listUsers: byAlice,
  getMe: byAlice,
  updateMe: ({ alice }) => ({ by: alice, body: { firstName: 'Alicia' } }),
  listAccounts: ({ admin }) => ({ by: admin }),
  approveUser: onAccount,
  rejectUser: onAccount,
  suspendUser: onAccount,
  reactivateUser: onAccount,
  listConversations: byAlice,
  createConversation: ({ alice, bob }) => ({ by: alice, body: { kind: 'direct', userId: bob.userId } }),
  getConversation: inConversation,
  changeConversation: (stage) => ({ ...inGroup(stage), body: { name: `Crew ${(names += 1)}` } }),
  addParticipants: (stage) => ({ ...inGroup(stage), body: { participants: [{ userId: stage.stranger.userId }] } }),
  changeParticipant: (stage) => ({ ...onBob(stage), body: { role: 'admin' } }),
  removeParticipant: onBob,
  listMessages: inConversation,
  createAttachment: ({ alice, conversation }) => ({ by: alice, body: announcement(conversation) }),
  completeAttachment: onAttachment,
  getAttachment: onAttachment,
  getPresence: ({ alice, bob }) => ({ by: alice, query: { ids: bob.userId } }),
  searchMessages: ({ alice }) => ({ by: alice, query: { q: 'hello' } }),
  updatePresence: ({ alice }) => ({ by: alice, body: { status: 'away' } }),
  catchUp: ({ alice, conversation }) => ({ by: alice, query: { positions: `${conversation}:0` } }),
  sendMessage: (stage) => ({ ...inConversation(stage), body: newMessage() }),
  editMessage: (stage) => ({ ...onFirstMessage(stage), body: { text: `edited ${(names += 1)}` } }),
  deleteMessage: onFirstMessage,
  listMessageVersions: onFirstMessage,
  addReaction: (stage) => onFirstMessage(stage, { emoji: '👍' }),
  removeReaction: (stage) => onFirstMessage(stage, { emoji: '👍' }),
  updateReceipts: (stage) => ({ ...inConversation(stage), body: { deliveredSeq: 1 } }),
  getUnreadCount: byAlice,
  setTyping: (stage) => ({ ...inConversation(stage), body: { typing: true } }),
  getMessage: (stage) => ({ ...inConversation(stage), params: { conversationId: stage.conversation, seq: '1' } }),
};
