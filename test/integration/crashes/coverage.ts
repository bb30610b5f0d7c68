import { type ActionName, actionNames, type OperationId, operationIds } from '../system/operations.ts';

/** What is swept that no request asks for: functions do it by themselves after a change. */
const sweptEvents = [
  'project a change',
  'tell of a silent end',
  'close the sockets of a session',
  'mail a link',
  'index a message',
  'sign a checkpoint',
] as const;

/** What is swept with files, in a suite of their own. */
export const sweptWithFiles = ['announce a file', 'complete a file', 'reject a file', 'sweep a file'] as const;

/** Operations that write nothing, not even a count of attempts. */
const changesNothing = 'changes nothing';

/**
 * Which sweep goes through an operation of the contract. A new one fails the suite until it has a row; what changes
 * something names the sweep that has each of its AWS calls fail.
 */
const sweptBy: Readonly<Partial<Record<OperationId | ActionName, string>>> = {
  register: 'register',
  login: 'log in',
  refresh: 'refresh',
  logout: 'log out',
  forgotPassword: 'ask for a new password',
  resetPassword: 'reset the password',
  verifyEmail: 'verify an address',
  resendVerification: 'ask for a link again',
  changePassword: 'change the password',
  createTicket: 'get a ticket',
  verifyToken: changesNothing,

  getMe: changesNothing,
  updateMe: 'change the user name',
  listUsers: changesNothing,
  listAccounts: changesNothing,
  // One use case, under other names of the status.
  suspendUser: 'suspend an account',
  reactivateUser: 'suspend an account',
  approveUser: 'approve an account',
  rejectUser: 'approve an account',

  listConversations: changesNothing,
  getConversation: changesNothing,
  createConversation: 'start a conversation',
  changeConversation: 'rename a group',
  addParticipants: 'add to a group',
  changeParticipant: 'change a role',
  removeParticipant: 'remove from a group',
  catchUp: changesNothing,

  listMessages: changesNothing,
  getMessage: changesNothing,
  sendMessage: 'send over HTTP',
  editMessage: 'edit over HTTP',
  deleteMessage: 'delete over HTTP',
  listMessageVersions: changesNothing,
  addReaction: 'react over HTTP',
  removeReaction: 'take a reaction back over HTTP',

  updateReceipts: 'read',
  getUnreadCount: changesNothing,
  setTyping: changesNothing,

  // Whoever asks notices what ran out.
  getPresence: 'ask who is there',
  updatePresence: 'be away',

  searchMessages: changesNothing,

  createAttachment: 'announce a file',
  completeAttachment: 'complete a file',
  getAttachment: changesNothing,

  hello: 'hello',
  ping: changesNothing,
  'message.send': 'send over the socket',
  'message.edit': 'edit over the socket',
  'message.delete': 'delete over the socket',
  'reaction.add': 'react over the socket',
  'reaction.remove': 'take a reaction back over the socket',

  'receipt.update': 'mark as unread over the socket',
  'presence.update': 'be away over the socket',
  'typing.start': changesNothing,
  'typing.stop': changesNothing,

  getHealth: changesNothing,
  getJwks: changesNothing,
  getOpenidConfiguration: changesNothing,
};

/** `$connect` is no operation of the contract. */
const sweptConnections = ['connect'] as const;

/** Starting a group is another way through the operation that starts conversations. */
const sweptBesides = ['start a group'] as const;

/** The names of all other sweeps that there have to be. */
export const sweepNames: readonly string[] = [
  ...new Set([
    ...Object.values(sweptBy).filter((name) => name !== changesNothing),
    ...sweptEvents,
    ...sweptConnections,
    ...sweptBesides,
  ]),
]
  .filter((name) => !sweptWithFiles.some((one) => one === name))
  .sort();

/** Operations of the contract without a row. */
export const uncovered: readonly string[] = [...operationIds, ...actionNames].filter((name) => !(name in sweptBy));

/** Operations that are said to change nothing. */
export const readingOperations: readonly string[] = Object.entries(sweptBy).flatMap(([name, sweep]) =>
  sweep === changesNothing ? [name] : [],
);
