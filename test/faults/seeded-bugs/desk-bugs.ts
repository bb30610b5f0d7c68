import type { SeededBug } from './seeded-bug.ts';

const desk = 'shared/features/desk';
const supportRules = `${desk}/support-rules.test.ts`;
const queueRules = `${desk}/queue-rules.test.ts`;
const availabilityRules = `${desk}/assignment/availability-rules.test.ts`;

export const deskBugs: readonly SeededBug[] = [
  {
    name: 'a conversation that returns to the queue loses its waiting time',
    file: `${desk}/support-rules.ts`,
    find: 'waitingSince: state.waitingSince ?? now',
    replaceBy: 'waitingSince: now',
    caughtBy: {
      file: supportRules,
      test: 'a transition > keeps the waiting time when a conversation returns to the queue or goes to another team',
    },
  },
  {
    name: 'a waiting conversation is resolved',
    file: `${desk}/support-rules.ts`,
    find: "if (state.status !== 'active') return undefined;",
    replaceBy: "if (state.status === 'closed') return undefined;",
    caughtBy: { file: supportRules, test: 'a transition > refuses to resolve in other statuses' },
  },
  {
    name: 'a wiped conversation reopens',
    file: `${desk}/support-rules.ts`,
    find: '  if (state.wipedAt !== undefined) return undefined;\n',
    replaceBy: '',
    caughtBy: { file: supportRules, test: 'a transition > does not reopen a wiped conversation' },
  },
  {
    name: 'a closed conversation accepts a message of its customer',
    file: `${desk}/support-rules.ts`,
    find: "now < resolvedAt + terms.reopenMs : status !== 'closed'",
    replaceBy: 'now < resolvedAt + terms.reopenMs : true',
    caughtBy: { file: supportRules, test: 'acceptsMessages > decides for a conversation that is closed' },
  },
  {
    name: 'each message of a customer restarts the waiting time',
    file: `${desk}/support-rules.ts`,
    find: 'if (next.waitingSince === undefined) next = ',
    replaceBy: 'next = ',
    caughtBy: {
      file: supportRules,
      test: 'a message of the customer > begins the waiting time, which a second one does not restart',
    },
  },
  {
    name: 'an urgent message changes the priority and starts no escalation',
    file: `${desk}/support-rules.ts`,
    find: "return withPriority({ ...state, urgency }, 'urgent', terms, now);",
    replaceBy: "return withPriority(state, 'urgent', terms, now);",
    caughtBy: {
      file: supportRules,
      test: 'a message of the customer > raises the conversation if it is urgent, and alerts at once',
    },
  },
  {
    name: 'a reply does not end the escalation',
    file: `${desk}/support-rules.ts`,
    find: '  const known = acknowledgedBy(state, by, now);\n  if (known === state',
    replaceBy: '  const known = state;\n  if (known === state',
    caughtBy: {
      file: supportRules,
      test: 'a reply > ends the waiting time and the escalation, and keeps the priority',
    },
  },
  {
    name: 'the service acknowledges an escalation',
    file: `${desk}/support-rules.ts`,
    find: 'const known = by === undefined ? state : acknowledgedBy(state, by, now);',
    replaceBy: "const known = acknowledgedBy(state, by ?? 'service', now);",
    caughtBy: {
      file: supportRules,
      test: 'an escalation > ends by a person who resolves or closes, and not by the service',
    },
  },
  {
    name: 'a wiped conversation goes on with its escalation',
    file: `${desk}/support-rules.ts`,
    find: 'const { urgency: _urgency, language: _language, skills: _skills, ...kept } = closed;',
    replaceBy: 'const { language: _language, skills: _skills, ...kept } = closed;',
    caughtBy: { file: supportRules, test: 'an escalation > is no longer part of a wiped conversation' },
  },
  {
    name: 'a closed conversation escalates',
    file: `${desk}/support-rules.ts`,
    find: "status === 'closed' ? undefined : urgency?.nextAt",
    replaceBy: 'urgency?.nextAt',
    caughtBy: { file: supportRules, test: 'wakeTimeOf > is nothing in a closed conversation that was urgent' },
  },
  {
    name: 'a timer is set to what is due last',
    file: `${desk}/support-rules.ts`,
    find: 'Math.min(...times)',
    replaceBy: 'Math.max(...times)',
    caughtBy: {
      file: supportRules,
      test: 'wakeTimeOf > is the next step of an escalation, which is earlier',
    },
  },
  {
    name: 'urgent conversations wait behind the others',
    file: `${desk}/queue-rules.ts`,
    find: "priority === 'urgent' ? 0 : 1",
    replaceBy: "priority === 'urgent' ? 1 : 0",
    caughtBy: {
      file: queueRules,
      test: 'the position in a list > puts urgent conversations first, then those whose answer is due first, then those that wait longest',
    },
  },
  {
    name: 'a resolved conversation stays in the list of its agent',
    file: `${desk}/queue-rules.ts`,
    find: "...(status === 'active' && assigneeId !== undefined",
    replaceBy: '...(assigneeId !== undefined',
    caughtBy: {
      file: queueRules,
      test: 'placesOf > lists a conversation that has ended neither by agent nor by tag',
    },
  },
  {
    name: 'an archived conversation is counted',
    file: `${desk}/queue-rules.ts`,
    find: 'state.archived === true ? undefined : { teamId',
    replaceBy: '{ teamId',
    caughtBy: { file: queueRules, test: 'placesOf > lists and counts no archived conversation' },
  },
  {
    name: 'no agent is looked for after a conversation returned to the queue',
    file: `${desk}/next-conversation.ts`,
    find: 'beginsToWait ? createdAt : wakeTimeOf(support, terms)',
    replaceBy: 'wakeTimeOf(support, terms)',
    caughtBy: {
      file: `${desk}/next-conversation.test.ts`,
      test: 'the timer of a conversation > is due at once when the conversation returns to the queue',
    },
  },
  {
    name: 'a conversation is transferred to an agent of another team',
    file: `${desk}/assignment/assignment-obstacle.ts`,
    find: '!teams.includes(teamId)',
    replaceBy: 'teams.length === 0',
    caughtBy: { file: `${desk}/assignment/assignment-obstacle.test.ts`, test: 'obstacleOf > is another team' },
  },
  {
    name: 'an agent who is away loses a conversation that was taken by hand',
    file: `${desk}/assignment/availability-rules.ts`,
    find: '!takesPart(declared) && assignedAt > declaredAt',
    replaceBy: '!takesPart(declared) && assignedAt > Infinity',
    caughtBy: {
      file: availabilityRules,
      test: 'takeOverAt > comes never if the agent took the conversation while away',
    },
  },
  {
    name: 'an absent agent keeps conversations whose customers wait',
    file: `${desk}/assignment/availability-rules.ts`,
    find: "return waitingSince === undefined ? 'stays' : 'returns-to-queue';",
    replaceBy: "return waitingSince === undefined ? 'stays' : 'stays';",
    caughtBy: { file: availabilityRules, test: 'afterGrace' },
  },
  {
    name: 'open conversations keep the targets of an old policy',
    file: `${desk}/sla/clock-rules.ts`,
    find: 'return old.targetMinutes !== changed?.targetMinutes || isMoved;',
    replaceBy: 'return isMoved && old.targetMinutes === changed?.targetMinutes;',
    caughtBy: {
      file: `${desk}/sla/clock-rules.test.ts`,
      test: 'differFrom > is true for another target of a clock that has not stopped',
    },
  },
  {
    name: 'a conversation arrives in a team that is being deleted',
    file: `${desk}/existing-team.ts`,
    find: 'if (teamId !== undefined) work',
    replaceBy: 'if (teamId === undefined) work',
    caughtBy: {
      file: 'test/integration/desk/deleted-team.test.ts',
      test: 'a team that is deleted while conversations arrive',
    },
  },
];
