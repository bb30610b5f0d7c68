import { describe, expect, it } from 'vitest';
import { defaultEscalation, escalation } from './escalation.ts';

const ladder = (...steps: unknown[]) => ({ steps, repeatSeconds: 60 });
const first = { afterSeconds: 0, to: ['team'] };

describe('an escalation', () => {
  it.each([
    ['the default', defaultEscalation],
    ['one late step', { steps: [{ afterSeconds: 86_400, to: ['on-call', 'admins'] }], repeatSeconds: 30 }],
    ['twenty steps', ladder(...Array.from({ length: 20 }, (_, afterSeconds) => ({ afterSeconds, to: ['agents'] })))],
  ])('accepts %s', (_, value) => {
    expect(escalation.parse(value)).toEqual(value);
  });

  it.each([
    ['no steps', ladder(), 'steps', 'at least one step'],
    [
      'too many steps',
      ladder(...Array.from({ length: 21 }, (_, afterSeconds) => ({ afterSeconds, to: ['team'] }))),
      'steps',
      'more than 20 steps',
    ],
    ['two steps at once', ladder(first, first), 'steps', 'ascending order'],
    ['descending steps', ladder({ afterSeconds: 30, to: ['team'] }, first), 'steps', 'ascending order'],
    ['a step to no one', ladder({ afterSeconds: 0, to: [] }), 'steps/0/to', 'at least one group'],
    ['a group twice', ladder({ afterSeconds: 0, to: ['team', 'team'] }), 'steps/0/to', 'a group twice'],
    ['an unknown group', ladder({ afterSeconds: 0, to: ['everyone'] }), 'steps/0/to/0', ''],
    ['a step before the message', ladder({ afterSeconds: -1, to: ['team'] }), 'steps/0/afterSeconds', 'at least 0'],
    ['a step after a day', ladder({ afterSeconds: 86_401, to: ['team'] }), 'steps/0/afterSeconds', 'at most 86400'],
    ['part of a second', ladder({ afterSeconds: 0.5, to: ['team'] }), 'steps/0/afterSeconds', ''],
    ['repetitions without a pause', { steps: [first], repeatSeconds: 29 }, 'repeatSeconds', 'at least 30 seconds'],
    ['repetitions that come too late', { steps: [first], repeatSeconds: 86_401 }, 'repeatSeconds', 'at most 86400'],
    ['no repetitions', { steps: [first] }, 'repeatSeconds', ''],
    ['an unknown member of a step', ladder({ ...first, by: 'mail' }), 'steps/0', ''],
  ])('rejects %s', (_, value, path, message) => {
    const issues = escalation.safeParse(value).error?.issues ?? [];
    expect(issues.map((issue) => issue.path.join('/'))).toEqual([path]);
    expect(issues[0]?.message).toContain(message);
  });
});
