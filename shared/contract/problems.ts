import { defineProblem } from './kit/define-problem.ts';
import { tooManyConnections } from './sockets/problems.ts';

// Every request can get these, so routes do not declare them.

export const validationFailed = defineProblem({
  name: 'validation-failed',
  status: 422,
  title: 'Some fields are not valid',
  description: '`errors` lists every such field with a JSON pointer. Nothing was changed.',
});
export const malformedJson = defineProblem({
  name: 'malformed-json',
  status: 400,
  title: 'The body is not valid JSON',
  description: 'Send one JSON object, encoded in UTF-8.',
});
export const unsupportedMediaType = defineProblem({
  name: 'unsupported-media-type',
  status: 415,
  title: 'The body is not JSON',
  description: 'Send the header `content-type: application/json`.',
});
export const payloadTooLarge = defineProblem({
  name: 'payload-too-large',
  status: 413,
  title: 'The request is too large',
  description:
    'A body may have at most 160 KiB, and a frame 32 KiB. Send long messages over HTTP: every message that the tenant allows fits into a body.',
});
export const unauthenticated = defineProblem({
  name: 'unauthenticated',
  status: 401,
  title: 'Log in first',
  description: 'The access token is missing, expired, revoked or not valid. Refresh your tokens, or log in again.',
});
export const forbidden = defineProblem({
  name: 'forbidden',
  status: 403,
  title: 'Your role does not allow this',
  description: 'The operation needs a higher role. Repeating the request does not help.',
});
export const internalError = defineProblem({
  name: 'internal-error',
  status: 500,
  title: 'Something went wrong in the service',
  description: 'The outcome is unknown. Repeat the request with the same ids, so that it is not performed twice.',
  retryable: true,
});
export const notFound = defineProblem({
  name: 'not-found',
  status: 404,
  title: 'No such route or action',
  description: 'Check the method, the path or the action against the reference.',
});
export const serviceBusy = defineProblem({
  name: 'service-busy',
  status: 503,
  title: 'The service is busy',
  description:
    'A part of the service is overloaded or does not respond. Wait `retryAfterMs`, then repeat the request with the same ids.',
  retryable: true,
});

// Identity

export const invalidCredentials = defineProblem({
  name: 'invalid-credentials',
  status: 401,
  title: 'The credentials are not correct',
  description: 'The tenant, the user or the password is not correct. The response does not reveal which.',
});
export const accountPending = defineProblem({
  name: 'account-pending',
  status: 403,
  title: 'The account awaits approval',
  description:
    'An administrator of the tenant must approve the account first. Only a caller who sends the correct password gets this answer.',
});
export const accountSuspended = defineProblem({
  name: 'account-suspended',
  status: 403,
  title: 'The account is suspended',
  description: 'Ask an administrator of the tenant. Only a caller who sends the correct password gets this answer.',
});
export const tooManyAttempts = defineProblem({
  name: 'too-many-attempts',
  status: 429,
  title: 'Too many attempts',
  description: 'Wait `retryAfterMs`. Attempts from other devices never block a device that sends its `deviceToken`.',
  retryable: true,
});
export const emailTaken = defineProblem({
  name: 'email-taken',
  status: 409,
  title: 'The e-mail address already has an account',
  description: 'Log in, or reset the password.',
});
export const usernameTaken = defineProblem({
  name: 'username-taken',
  status: 409,
  title: 'The user name is taken',
  description: 'Choose another user name.',
});
export const weakPassword = defineProblem({
  name: 'weak-password',
  status: 422,
  title: 'The password is easy to guess',
  description: 'It is common, known from breaches, or contains your name or address. `errors` explains what to change.',
});
export const invalidToken = defineProblem({
  name: 'invalid-token',
  status: 401,
  title: 'The token is not valid',
  description: 'It is expired, used, revoked or unknown. Log in again, or request another mail for a mailed token.',
});

// Users

export const userNotFound = defineProblem({
  name: 'user-not-found',
  status: 404,
  title: 'No such user',
  description: 'Your tenant has no such user. If the request names several users, `errors` points to each unknown one.',
});
export const illegalTransition = defineProblem({
  name: 'illegal-transition',
  status: 409,
  title: 'The status does not allow this',
  description: 'The detail states the current status and the status that the operation needs.',
});

// Conversations and messages

export const conversationNotFound = defineProblem({
  name: 'conversation-not-found',
  status: 404,
  title: 'No such conversation',
  description: 'The conversation does not exist, or you do not take part in it.',
});
export const conversationWithSelf = defineProblem({
  name: 'conversation-with-self',
  status: 422,
  title: 'A conversation needs another user',
  description: 'Send the id of a user other than yourself.',
});
export const notAGroup = defineProblem({
  name: 'not-a-group',
  status: 409,
  title: 'The conversation is not a group',
  description: 'A direct conversation has no name, and its participants never change. Create a group instead.',
});
export const notGroupAdmin = defineProblem({
  name: 'not-group-admin',
  status: 403,
  title: 'Only an admin of the group may do this',
  description: 'Ask an admin of the group. Every participant may leave.',
});
export const groupFull = defineProblem({
  name: 'group-full',
  status: 409,
  title: 'The group would have too many participants',
  description: 'The detail states the tenant’s limit, which is never more than 500.',
});
export const messageNotFound = defineProblem({
  name: 'message-not-found',
  status: 404,
  title: 'No such message',
  description: 'The conversation has no message with this number.',
});
export const messageDeleted = defineProblem({
  name: 'message-deleted',
  status: 409,
  title: 'The message was deleted',
  description: 'It keeps its number in the conversation, without content. Nothing can be added to it.',
});
export const notTheSender = defineProblem({
  name: 'not-the-sender',
  status: 403,
  title: 'The message belongs to another user',
  description: 'Only the sender can edit or delete a message.',
});
export const editWindowOver = defineProblem({
  name: 'edit-window-over',
  status: 409,
  title: 'It is too late to change the message',
  description: 'The tenant sets how long senders can edit and delete their messages. Guests have 5 minutes.',
});
export const messageNotEditable = defineProblem({
  name: 'message-not-editable',
  status: 409,
  title: 'Messages of this type do not allow this change',
  description:
    'Senders can replace texts and captions, and move a location until its `liveUntil`. System messages never change.',
});
export const tooManyReactions = defineProblem({
  name: 'too-many-reactions',
  status: 409,
  title: 'The message has too many reactions',
  description: 'A message can have at most 20 different emojis and 500 reactions.',
});
export const referenceNotFound = defineProblem({
  name: 'reference-not-found',
  status: 422,
  title: 'The message refers to something that does not exist',
  description:
    '`errors` points to the reference. `replyTo` must be a message of the conversation, and `mentions` must be participants.',
});
export const positionBeyondEnd = defineProblem({
  name: 'position-beyond-end',
  status: 422,
  title: 'The number is beyond the end of the conversation',
  description: '`errors` points to the number. The conversation has no entry with this number yet.',
});
export const invalidCursor = defineProblem({
  name: 'invalid-cursor',
  status: 400,
  title: 'The cursor is not valid',
  description: 'It is expired, damaged, or belongs to another list. Start again without a cursor.',
});
export const throttled = defineProblem({
  name: 'throttled',
  status: 429,
  title: 'Too many messages',
  description:
    'You have reached the limit of messages, or of changes, per rolling minute in this conversation. Wait `retryAfterMs`.',
  retryable: true,
});
export const clockSkew = defineProblem({
  name: 'clock-skew',
  status: 422,
  title: 'The client’s clock is wrong',
  description:
    'The time in `clientMessageId` or `clientConversationId` is more than two minutes ahead of the server’s clock, or more than thirty days old. The time in a guest’s `proof` may differ by two minutes. Generate new ids or a new proof from `serverTime`.',
});
export const idempotencyConflict = defineProblem({
  name: 'idempotency-conflict',
  status: 409,
  title: 'The id was already used for something else',
  description:
    'A message with this `clientMessageId`, or a group with this `clientConversationId`, exists with other content. Generate a new id for new content.',
});
export const messageTooLong = defineProblem({
  name: 'message-too-long',
  status: 422,
  title: 'The message is too long',
  description: 'The detail states the tenant’s limit.',
});
export const conversationBusy = defineProblem({
  name: 'conversation-busy',
  status: 503,
  title: 'The conversation is very busy',
  description:
    'Many participants write at the same time. Wait `retryAfterMs`, then repeat the request with the same `clientMessageId`.',
  retryable: true,
});

// WebSocket

export const malformedFrame = defineProblem({
  name: 'malformed-frame',
  status: 400,
  title: 'The frame is not a JSON object',
  description: 'Send text frames of the form `{ "action", "ref", "data" }`.',
});
export const unknownAction = defineProblem({
  name: 'unknown-action',
  status: 404,
  title: 'No such action',
  description: 'Check the action against the reference.',
});
export const sessionEnded = defineProblem({
  name: 'session-ended',
  status: 401,
  title: 'The session has ended',
  description: 'The access token expired, or the user logged out. Refresh the tokens and connect again.',
});

export const failureProblems = [internalError, serviceBusy] as const;
export const inputProblems = [validationFailed] as const;
export const bodyProblems = [malformedJson, unsupportedMediaType, payloadTooLarge] as const;
export const sessionProblems = [unauthenticated] as const;
export const roleProblems = [forbidden] as const;
export const frameProblems = [
  malformedFrame,
  unknownAction,
  payloadTooLarge,
  validationFailed,
  sessionEnded,
  tooManyConnections,
  ...failureProblems,
] as const;
