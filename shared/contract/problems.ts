import { defineProblem } from './kit/define-problem.ts';
import { tooManyConnections } from './sockets/problems.ts';

// Every request can meet these; routes do not declare them.

export const validationFailed = defineProblem({
  name: 'validation-failed',
  status: 422,
  title: 'Some fields are not valid',
  description: 'Every wrong field is listed in `errors` with a JSON pointer. Nothing was changed.',
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
    'A body may have 160 KiB, a frame 32 KiB. Send longer messages over HTTP: every message that the tenant allows fits a body.',
});
export const unauthenticated = defineProblem({
  name: 'unauthenticated',
  status: 401,
  title: 'Sign in first',
  description: 'The access token is missing, expired, revoked or not valid. Refresh it, or log in again.',
});
export const forbidden = defineProblem({
  name: 'forbidden',
  status: 403,
  title: 'Your role does not allow this',
  description: 'The operation needs a higher role. Asking again does not help.',
});
export const internalError = defineProblem({
  name: 'internal-error',
  status: 500,
  title: 'Something went wrong on our side',
  description: 'The outcome is unknown. Repeat the request with the same ids: what was done is not done twice.',
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
  title: 'Busy at the moment',
  description:
    'A part that the request needs is overloaded or does not answer. Wait `retryAfterMs` and repeat it with the same ids.',
  retryable: true,
});

// Identity

export const invalidCredentials = defineProblem({
  name: 'invalid-credentials',
  status: 401,
  title: 'The credentials are not right',
  description: 'Tenant, user and password do not fit together. The answer does not tell which.',
});
export const accountPending = defineProblem({
  name: 'account-pending',
  status: 403,
  title: 'The account awaits approval',
  description: 'An administrator of the tenant has to approve the account first. Told only to who knows the password.',
});
export const accountSuspended = defineProblem({
  name: 'account-suspended',
  status: 403,
  title: 'The account is suspended',
  description: 'Ask an administrator of the tenant. Told only to who knows the password.',
});
export const tooManyAttempts = defineProblem({
  name: 'too-many-attempts',
  status: 429,
  title: 'Too many attempts',
  description:
    'Wait `retryAfterMs`. Devices that have logged in to the account before are not affected by others’ attempts.',
  retryable: true,
});
export const emailTaken = defineProblem({
  name: 'email-taken',
  status: 409,
  title: 'The e-mail address has an account already',
  description: 'Log in, or reset the password.',
});
export const usernameTaken = defineProblem({
  name: 'username-taken',
  status: 409,
  title: 'The user name is taken',
  description: 'Choose another.',
});
export const weakPassword = defineProblem({
  name: 'weak-password',
  status: 422,
  title: 'The password is easy to guess',
  description: 'It is common, known from breaches, or contains your name or address. `errors` says what to change.',
});
export const invalidToken = defineProblem({
  name: 'invalid-token',
  status: 401,
  title: 'The token is not valid',
  description: 'It is expired, used, revoked or not one of ours. Log in again.',
});

// Users

export const userNotFound = defineProblem({
  name: 'user-not-found',
  status: 404,
  title: 'No such user',
  description: 'There is no such user in your tenant. Where several are named, `errors` points to each that is wrong.',
});
export const illegalTransition = defineProblem({
  name: 'illegal-transition',
  status: 409,
  title: 'The status does not allow this',
  description: 'The detail says which status it has, and which it would need.',
});

// Conversations and messages

export const conversationNotFound = defineProblem({
  name: 'conversation-not-found',
  status: 404,
  title: 'No such conversation',
  description: 'It does not exist, or you do not take part in it.',
});
export const conversationWithSelf = defineProblem({
  name: 'conversation-with-self',
  status: 422,
  title: 'A conversation needs somebody else',
  description: 'Name another user than yourself.',
});
export const notAGroup = defineProblem({
  name: 'not-a-group',
  status: 409,
  title: 'The conversation is not a group',
  description: 'Two people’s conversation has no name, and nobody comes or goes. Start a group instead.',
});
export const notGroupAdmin = defineProblem({
  name: 'not-group-admin',
  status: 403,
  title: 'Only an admin of the group may do this',
  description: 'Ask one of the group’s admins. Everybody may leave.',
});
export const groupFull = defineProblem({
  name: 'group-full',
  status: 409,
  title: 'The group would have too many people',
  description: 'The detail says how many the tenant allows in one group; never more than 500.',
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
  description: 'Its place in the conversation stays; what it said is gone, and nothing can be added to it.',
});
export const notTheSender = defineProblem({
  name: 'not-the-sender',
  status: 403,
  title: 'The message is somebody else’s',
  description: 'Only its sender can edit or delete a message.',
});
export const editWindowOver = defineProblem({
  name: 'edit-window-over',
  status: 409,
  title: 'It is too late to change the message',
  description: 'The tenant sets how long messages can be edited and deleted; guests have 5 minutes.',
});
export const messageNotEditable = defineProblem({
  name: 'message-not-editable',
  status: 409,
  title: 'Messages of this type cannot be changed so',
  description:
    'Texts and captions can be replaced, locations moved until their `liveUntil`, system messages not at all.',
});
export const tooManyReactions = defineProblem({
  name: 'too-many-reactions',
  status: 409,
  title: 'The message has too many reactions',
  description: 'A message takes 20 different emojis and 500 reactions.',
});
export const referenceNotFound = defineProblem({
  name: 'reference-not-found',
  status: 422,
  title: 'Something that the message refers to is not there',
  description:
    '`errors` names it: a message that is answered has to be in the conversation, who is mentioned take part.',
});
export const positionBeyondEnd = defineProblem({
  name: 'position-beyond-end',
  status: 422,
  title: 'The number is beyond the end of the conversation',
  description: '`errors` names it: there is no entry with this number yet.',
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
    'The tenant’s limit of messages per rolling minute in this conversation is reached. Wait `retryAfterMs`.',
  retryable: true,
});
export const clockSkew = defineProblem({
  name: 'clock-skew',
  status: 422,
  title: 'The client’s clock is wrong',
  description:
    'The time in `clientMessageId` or `clientConversationId` leads the server’s clock by more than two minutes, or is older than thirty days. Adopt `serverTime` for new ids.',
});
export const idempotencyConflict = defineProblem({
  name: 'idempotency-conflict',
  status: 409,
  title: 'The id was used for something else',
  description:
    'A message with this `clientMessageId`, or a group with this `clientConversationId`, and other content exists. Give what is new a new id.',
});
export const messageTooLong = defineProblem({
  name: 'message-too-long',
  status: 422,
  title: 'The message is too long',
  description: 'The detail says the tenant’s limit.',
});
export const conversationBusy = defineProblem({
  name: 'conversation-busy',
  status: 503,
  title: 'The conversation is very busy',
  description: 'Many are writing at once. Wait `retryAfterMs` and send again with the same `clientMessageId`.',
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
  description: 'See the reference for the actions that there are.',
});
export const sessionEnded = defineProblem({
  name: 'session-ended',
  status: 401,
  title: 'The session has ended',
  description: 'Its token expired, or it was logged out. Refresh the token and connect again.',
});

/** Problems of an operation that asks other services. */
export const failureProblems = [internalError, serviceBusy] as const;
/** Problems of an operation that takes input. */
export const inputProblems = [validationFailed] as const;
/** Problems of an operation that takes a body. */
export const bodyProblems = [malformedJson, unsupportedMediaType, payloadTooLarge] as const;
/** Problems of an operation that needs a session. */
export const sessionProblems = [unauthenticated] as const;
/** Problems of an operation, or an action, that needs more than the lowest role. */
export const roleProblems = [forbidden] as const;
/** Problems that every frame can answer, besides its action's own. */
export const frameProblems = [
  malformedFrame,
  unknownAction,
  payloadTooLarge,
  validationFailed,
  sessionEnded,
  tooManyConnections,
  ...failureProblems,
] as const;
