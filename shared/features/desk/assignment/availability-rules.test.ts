import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { availability } from '../../../contract/schemas/availability.ts';
import {
  afterGrace,
  type AgentPresence,
  effectiveAvailability,
  graceEnd,
  mayReceive,
  takeOverAt,
} from './availability-rules.ts';

const grace = 60;

describe('mayReceive', () => {
  it('is true only for agents who are online', () => {
    expect(availability.options.filter(mayReceive)).toEqual(['online']);
  });
});

describe('effectiveAvailability', () => {
  it.each([
    ['keeps a connected agent online', { declared: 'online', declaredAt: 0 }, 9999, 'online'],
    ['keeps a connected agent busy', { declared: 'busy', declaredAt: 0 }, 9999, 'busy'],
    [
      'ignores a lost connection during the grace time',
      { declared: 'online', declaredAt: 0, goneSince: 100 },
      159,
      'online',
    ],
    ['is away when the grace time is over', { declared: 'online', declaredAt: 0, goneSince: 100 }, 160, 'away'],
    [
      'is away for a busy agent too when the grace time is over',
      { declared: 'busy', declaredAt: 0, goneSince: 100 },
      160,
      'away',
    ],
    [
      'leaves the grace time to connect after a declaration',
      { declared: 'online', declaredAt: 200, goneSince: 100 },
      259,
      'online',
    ],
    [
      'is away when no connection follows the declaration',
      { declared: 'online', declaredAt: 200, goneSince: 100 },
      260,
      'away',
    ],
    ['is away at once after such a declaration', { declared: 'away', declaredAt: 200 }, 200, 'away'],
    ['stays offline as declared', { declared: 'offline', declaredAt: 0, goneSince: 100 }, 9999, 'offline'],
  ] as const)('%s', (_, presence, now, effective) => {
    expect(effectiveAvailability(presence, grace, now)).toBe(effective);
  });
});

describe('graceEnd', () => {
  it.each([
    ['never for a connected agent', { declared: 'online', declaredAt: 0 }, undefined],
    ['never for a connected busy agent', { declared: 'busy', declaredAt: 0 }, undefined],
    ['after the loss of the connection', { declared: 'busy', declaredAt: 0, goneSince: 100 }, 160],
    ['after the declaration to be away', { declared: 'away', declaredAt: 100 }, 160],
    ['after the declaration to be offline', { declared: 'offline', declaredAt: 100, goneSince: 110 }, 160],
    ['after the loss of the connection before it', { declared: 'away', declaredAt: 100, goneSince: 50 }, 110],
  ] as const)('comes %s', (_, presence, end) => {
    expect(graceEnd(presence, grace)).toBe(end);
  });
});

describe('afterGrace', () => {
  const answered = { status: 'active', assigneeId: 'ann' } as const;
  const unanswered = { ...answered, waitingSince: 50 } as const;

  it.each([
    ['returns a conversation whose customer waits', unanswered, 160, 160, 'returns-to-queue'],
    ['keeps one that waits for the customer', answered, 160, 160, 'stays'],
    ['does nothing before the end of the grace time', unanswered, 160, 159, 'not-due'],
    ['keeps the conversation of an agent who came back', unanswered, undefined, 9999, 'stays'],
    ['keeps a resolved conversation', { ...unanswered, status: 'resolved' }, 160, 160, 'stays'],
    ['keeps a conversation in the queue', { status: 'waiting', waitingSince: 50 }, 160, 160, 'stays'],
  ] as const)('%s', (_, conversation, until, now, outcome) => {
    expect(afterGrace(conversation, until, now)).toBe(outcome);
  });
});

const presences: fc.Arbitrary<AgentPresence> = fc.record(
  {
    declared: fc.constantFrom(...availability.options),
    declaredAt: fc.integer({ min: 0, max: 300 }),
    goneSince: fc.integer({ min: 0, max: 300 }),
  },
  { requiredKeys: ['declared', 'declaredAt'] },
);

describe('an agent', () => {
  it('gets conversations only if online by declaration, and connected within the grace time', () => {
    fc.assert(
      fc.property(presences, fc.integer({ min: 0, max: 500 }), (presence, now) => {
        const receives = mayReceive(effectiveAvailability(presence, grace, now));
        const { declared, declaredAt, goneSince } = presence;
        const isPresent = goneSince === undefined || now - goneSince < grace || now - declaredAt < grace;
        expect(receives).toBe(declared === 'online' && isPresent);
      }),
    );
  });

  it('never gets conversations while unanswered ones return', () => {
    fc.assert(
      fc.property(presences, fc.integer({ min: 0, max: 500 }), (presence, now) => {
        const outcome = afterGrace(
          { status: 'active', assigneeId: 'ann', waitingSince: 0 },
          graceEnd(presence, grace),
          now,
        );
        const receives = mayReceive(effectiveAvailability(presence, grace, now));
        expect(receives && outcome === 'returns-to-queue').toBe(false);
      }),
    );
  });
});

describe('takeOverAt', () => {
  it.each([
    ['never while the agent is connected', { declared: 'online', declaredAt: 0 }, 50, undefined],
    ['after the grace time without a connection', { declared: 'online', declaredAt: 0, goneSince: 100 }, 50, 160],
    ['after the declaration to be away', { declared: 'away', declaredAt: 100 }, 50, 160],
    ['never if the agent took the conversation while away', { declared: 'away', declaredAt: 100 }, 130, undefined],
    ['when such an agent loses the connection', { declared: 'away', declaredAt: 100, goneSince: 200 }, 130, 260],
    ['after a takeover without a connection', { declared: 'online', declaredAt: 0, goneSince: 100 }, 500, 560],
  ] as const)('comes %s', (_, presence, assignedAt, expected) => {
    expect(takeOverAt(presence, assignedAt, grace)).toBe(expected);
  });
});
