import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decide, type IncidentState } from './state-rules.ts';

interface Event {
  readonly event: 'open' | 'close' | 'update' | 'acknowledge';
  readonly occurredAt: number;
}

function applyAll(events: readonly Event[]): { readonly state: IncidentState | undefined; readonly opened: number } {
  let state: IncidentState | undefined;
  let opened = 0;
  for (const event of events) {
    const decision = decide(state, event, 'live');
    if (decision.kind === 'open') {
      opened += 1;
      state = { phase: 'open', occurredAt: event.occurredAt };
    }
    if (decision.kind === 'update') state = { phase: 'open', occurredAt: decision.occurredAt };
    if (decision.kind === 'close') state = { phase: 'closed', occurredAt: event.occurredAt };
    if (decision.kind === 'ignore' && decision.closedAt !== undefined) {
      state = { phase: 'closed', occurredAt: decision.closedAt };
    }
  }
  return { state, opened };
}

/** The phase that the times alone decide. */
function phaseOf(events: readonly Event[]): string | undefined {
  const deciding = events.filter(({ event }) => event === 'open' || event === 'close');
  const newest = Math.max(...deciding.map(({ occurredAt }) => occurredAt));
  const last = deciding.filter(({ occurredAt }) => occurredAt === newest);
  if (last.length === 0) return undefined;
  return last.some(({ event }) => event === 'close') ? 'closed' : 'open';
}

const anyEvent = fc.record({
  event: fc.constantFrom('open' as const, 'close' as const, 'update' as const, 'acknowledge' as const),
  occurredAt: fc.integer({ min: 1, max: 8 }),
});

describe('the state of an incident', () => {
  it('follows the newest event, in whichever order the events arrive and however often', () => {
    const shuffled = fc
      .array(anyEvent, { minLength: 1, maxLength: 12 })
      .chain((events) => fc.shuffledSubarray([...events, ...events], { minLength: 2 * events.length }));
    fc.assert(
      fc.property(shuffled, (events) => {
        expect(applyAll(events).state?.phase).toBe(phaseOf(events));
      }),
    );
  });

  it('opens at most as many conversations as the events in order do', () => {
    const lists = fc.array(anyEvent, { minLength: 1, maxLength: 12 }).chain((events) =>
      fc.record({
        events: fc.constant(events),
        shuffled: fc.shuffledSubarray(events, { minLength: events.length }),
      }),
    );
    fc.assert(
      fc.property(lists, ({ events, shuffled }) => {
        const byTime = events.toSorted(
          (one, other) =>
            one.occurredAt - other.occurredAt || Number(other.event === 'close') - Number(one.event === 'close'),
        );
        expect(applyAll(shuffled).opened).toBeLessThanOrEqual(Math.max(1, applyAll(byTime).opened));
      }),
    );
  });

  it.each([
    [
      'an end older than the opening',
      { phase: 'open', occurredAt: 5 },
      { event: 'close', occurredAt: 4 },
      'out-of-order',
    ],
    [
      'an opening older than the end',
      { phase: 'closed', occurredAt: 5 },
      { event: 'open', occurredAt: 5 },
      'out-of-order',
    ],
    [
      'an update after the end',
      { phase: 'closed', occurredAt: 5 },
      { event: 'update', occurredAt: 9 },
      'already-closed',
    ],
    ['an update of an unknown incident', undefined, { event: 'acknowledge', occurredAt: 9 }, 'unknown-incident'],
  ] as const)('ignores %s', (_, state, event, reason) => {
    expect(decide(state, event, 'live')).toMatchObject({ kind: 'ignore', reason });
  });

  it('opens again when people have ended the conversation and the incident is still reported', () => {
    const open = { phase: 'open', occurredAt: 5 } as const;
    expect(decide(open, { event: 'open', occurredAt: 5 }, 'ended').kind).toBe('open');
    expect(decide(open, { event: 'open', occurredAt: 4 }, 'ended').kind).toBe('ignore');
    expect(decide(open, { event: 'update', occurredAt: 6 }, 'ended').kind).toBe('ignore');
    expect(decide(open, { event: 'close', occurredAt: 6 }, 'ended').kind).toBe('close');
  });
});
