import { describe, expect, it } from 'vitest';
import { obstacleOf } from './assignment-obstacle.ts';

const agent = {
  userId: 'amina',
  role: 'agent',
  availability: 'online',
  maxConcurrent: 2,
  load: 1,
  teams: ['night'],
  skills: [],
  languages: [],
  idleSince: 0,
  canAct: true,
} as const;

describe('obstacleOf', () => {
  it.each([
    ['nothing for an agent of the team', agent, 'night', false, undefined],
    ['a suspended account', { ...agent, canAct: false }, 'night', true, 'The agent’s account is suspended.'],
    ['the maximum', { ...agent, load: 2 }, 'night', true, 'The agent has 2 of at most 2 conversations.'],
    ['another team', agent, 'day', false, 'The agent is not in the team of the conversation.'],
    ['nothing for an admin of no team', { ...agent, role: 'admin' }, 'day', false, undefined],
    ['an absence', { ...agent, availability: 'busy' }, 'night', false, 'The agent is busy.'],
    ['nothing for a busy agent who takes it', { ...agent, availability: 'busy' }, 'night', true, undefined],
  ] as const)('is %s', (_, candidate, teamId, isOwn, expected) => {
    expect(obstacleOf({ teamId }, candidate, isOwn)).toBe(expected);
  });
});
