import { defineProblem } from '../kit/define-problem.ts';

export const conversationClosed = defineProblem({
  name: 'conversation-closed',
  status: 409,
  title: 'The conversation is closed',
  description:
    'It accepts no more messages, and none of its messages changes. Start a new conversation with `POST /api/v1/conversations` and the kind `support`.',
});
export const newerReply = defineProblem({
  name: 'newer-reply',
  status: 409,
  title: 'A colleague has replied in the meantime',
  description:
    'You wrote this reply without having seen a newer one. Read it. To send yours anyway, repeat the request with the newest `seq` as `seenSeq`, or without `seenSeq`.',
});
export const notASupportConversation = defineProblem({
  name: 'not-a-support-conversation',
  status: 409,
  title: 'The conversation is not a support conversation',
  description: 'Only support conversations have a status, an agent, notes and tags.',
});
export const alreadyAssigned = defineProblem({
  name: 'already-assigned',
  status: 409,
  title: 'Another agent has the conversation',
  description: '`assigneeId` is that agent. Send `takeOver` to take the conversation from a colleague.',
});
export const agentNotFound = defineProblem({
  name: 'agent-not-found',
  status: 404,
  title: 'No such agent',
  description: 'No agent of your tenant has this id.',
});
export const agentUnavailable = defineProblem({
  name: 'agent-unavailable',
  status: 409,
  title: 'The agent cannot take the conversation',
  description:
    'The detail says why: the agent is not online, not in the team, or at the maximum of open conversations.',
});
export const noAgentAvailable = defineProblem({
  name: 'no-agent-available',
  status: 409,
  title: 'No agent can take the conversation now',
  description:
    'The conversation stays in the queue, and the service assigns it as soon as a fitting agent is available. `listAssignments` says who was considered.',
});
export const teamNotFound = defineProblem({
  name: 'team-not-found',
  status: 404,
  title: 'No such team',
  description: 'No team of your tenant has this id.',
});
export const teamNameTaken = defineProblem({
  name: 'team-name-taken',
  status: 409,
  title: 'Another team has this name',
  description: 'Choose another name.',
});
export const teamLimitReached = defineProblem({
  name: 'team-limit-reached',
  status: 409,
  title: 'The tenant has as many teams as it may have',
  description: 'A tenant has at most 50 teams. Delete or rename one.',
});
export const teamInUse = defineProblem({
  name: 'team-in-use',
  status: 409,
  title: 'The team has open conversations',
  description: 'Transfer or close the team’s waiting and active conversations first.',
});
export const formNotFound = defineProblem({
  name: 'form-not-found',
  status: 404,
  title: 'No such form',
  description: 'The conversation has no form with this number, or the form was deleted.',
});
export const invalidAnswers = defineProblem({
  name: 'invalid-answers',
  status: 422,
  title: 'The answers do not fit the form',
  description: '`errors` points to each answer to correct. Nothing was stored: send all answers again.',
});
export const tooManyTags = defineProblem({
  name: 'too-many-tags',
  status: 422,
  title: 'The conversation would have too many tags',
  description: 'A conversation has at most 10 tags. Remove one first.',
});
export const transcriptTooLong = defineProblem({
  name: 'transcript-too-long',
  status: 422,
  title: 'The conversation is too long for one answer',
  description: 'Get its transcript page by page, with `GET /api/v1/conversations/{conversationId}/transcript`.',
});
