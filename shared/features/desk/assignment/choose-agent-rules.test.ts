import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Agent, chooseAgent, chooseConversation, mostConsidered, type Needs } from './choose-agent-rules.ts';

function agent(userId: string, changes: Partial<Agent> = {}): Agent {
  return {
    userId,
    availability: 'online',
    maxConcurrent: 5,
    load: 0,
    teams: [],
    skills: [],
    languages: [],
    idleSince: 0,
    canAct: true,
    ...changes,
  };
}

const outcomes = (needs: Needs, ...agents: Agent[]) =>
  Object.fromEntries(chooseAgent(needs, agents).considered.map(({ userId, outcome }) => [userId, outcome]));

describe('chooseAgent', () => {
  it('chooses the fewest open, then the longest idle, then the lowest id', () => {
    const agents = [
      agent('ann', { load: 2, idleSince: 1 }),
      agent('bea', { load: 1, idleSince: 9 }),
      agent('eve', { load: 1, idleSince: 5 }),
      agent('dan', { load: 1, idleSince: 5 }),
    ];
    expect(chooseAgent({}, agents)).toEqual({
      chosen: 'dan',
      rule: 'fewest-open',
      considered: [
        { userId: 'dan', load: 1, maxConcurrent: 5, outcome: 'chosen' },
        { userId: 'eve', load: 1, maxConcurrent: 5, outcome: 'lower-id-elsewhere' },
        { userId: 'bea', load: 1, maxConcurrent: 5, outcome: 'idle-longer-elsewhere' },
        { userId: 'ann', load: 2, maxConcurrent: 5, outcome: 'fewer-open-elsewhere' },
      ],
      omitted: 0,
    });
  });

  it('says why each other agent does not fit', () => {
    const needs = { teamId: 'red', skills: ['tax', 'law'] };
    const able = { teams: ['blue', 'red'], skills: ['law', 'tax', 'tea'] };
    expect(
      outcomes(
        needs,
        agent('ann', { ...able, load: 4 }),
        agent('bea', { ...able, canAct: false }),
        agent('cat', { ...able, availability: 'busy' }),
        agent('dan', { ...able, availability: 'away' }),
        agent('eve', { ...able, availability: 'offline' }),
        agent('fay', { ...able, teams: ['blue'] }),
        agent('gus', { ...able, skills: ['tax'] }),
        agent('hal', { ...able, load: 5 }),
        agent('ida', { ...able, load: 0, maxConcurrent: 0 }),
      ),
    ).toEqual({
      ann: 'chosen',
      bea: 'cannot-act',
      cat: 'busy',
      dan: 'away',
      eve: 'offline',
      fay: 'other-team',
      gus: 'no-skill',
      hal: 'at-capacity',
      ida: 'at-capacity',
    });
  });

  it('prefers agents who speak the language', () => {
    const needs = { language: 'pt-BR' };
    const agents = [agent('ann'), agent('bea', { load: 4, languages: ['en', 'PT'] })];
    expect(chooseAgent(needs, agents)).toMatchObject({ chosen: 'bea', rule: 'fewest-open-with-language' });
    expect(outcomes(needs, ...agents)).toEqual({ ann: 'no-language', bea: 'chosen' });
  });

  it('does not leave anyone waiting for a language', () => {
    const needs = { language: 'pt' };
    const agents = [agent('ann', { languages: ['en'] }), agent('bea', { load: 5, languages: ['pt'] })];
    expect(chooseAgent(needs, agents)).toMatchObject({ chosen: 'ann', rule: 'fewest-open-without-language' });
    expect(outcomes(needs, ...agents)).toEqual({ ann: 'chosen', bea: 'at-capacity' });
  });

  it('chooses no one when no agent fits', () => {
    expect(chooseAgent({ language: 'pt' }, [])).toEqual({ rule: 'no-agent', considered: [], omitted: 0 });
    const choice = chooseAgent({}, [agent('ann', { availability: 'away' })]);
    expect(choice).not.toHaveProperty('chosen');
    expect(choice).toMatchObject({ rule: 'no-agent', considered: [{ userId: 'ann', outcome: 'away' }] });
  });

  it('lists at most fifty agents, the chosen one first', () => {
    const others = Array.from({ length: 80 }, (_, index) => agent(`a${index}`, { availability: 'away' }));
    const choice = chooseAgent({}, [...others, agent('zoe', { load: 4 })]);
    expect(choice.considered).toHaveLength(mostConsidered);
    expect(choice.considered[0]).toMatchObject({ userId: 'zoe', outcome: 'chosen' });
    expect(choice.omitted).toBe(31);
  });
});

describe('chooseConversation', () => {
  it('takes the first in the order of the queue that fits', () => {
    const ann = agent('ann', { teams: ['red'], skills: ['tax'], languages: ['en'] });
    const blue = { id: 1, teamId: 'blue' };
    const law = { id: 2, skills: ['tax', 'law'] };
    const foreign = { id: 3, teamId: 'red', language: 'pt' };
    const easy = { id: 4, skills: [] };
    expect(chooseConversation(ann, [blue, law, foreign, easy])).toBe(foreign);
    expect(chooseConversation(ann, [blue, law])).toBeUndefined();
    expect(chooseConversation({ ...ann, load: 5 }, [easy])).toBeUndefined();
  });
});

const some = (...values: string[]) => fc.subarray(values);
const agents = fc.uniqueArray(
  fc.record({
    userId: fc.stringMatching(/^[a-z]{1,3}$/),
    availability: fc.constantFrom('online', 'online', 'online', 'busy', 'away', 'offline'),
    maxConcurrent: fc.integer({ min: 0, max: 4 }),
    load: fc.integer({ min: 0, max: 5 }),
    teams: some('red', 'blue'),
    skills: some('tax', 'law'),
    languages: some('en', 'pt', 'de-AT'),
    idleSince: fc.integer({ min: 0, max: 3 }),
    canAct: fc.oneof({ weight: 9, arbitrary: fc.constant(true) }, fc.constant(false)),
  }) satisfies fc.Arbitrary<Agent>,
  { selector: ({ userId }) => userId, maxLength: 70 },
);
const needs: fc.Arbitrary<Needs> = fc.record(
  {
    teamId: fc.constantFrom('red', 'blue'),
    language: fc.constantFrom('en', 'pt-BR', 'de'),
    skills: some('tax', 'law'),
  },
  { requiredKeys: [] },
);

/** Written without regard to the rules. */
function fits({ teamId, skills }: Needs, candidate: Agent): boolean {
  return (
    candidate.canAct &&
    candidate.availability === 'online' &&
    candidate.maxConcurrent > candidate.load &&
    (teamId === undefined || candidate.teams.some((team) => team === teamId)) &&
    !(skills ?? []).some((skill) => !candidate.skills.includes(skill))
  );
}
const knows = ({ language = '' }: Needs, { languages }: Agent) =>
  languages.some((spoken) => spoken.slice(0, 2) === language.slice(0, 2));

describe('a choice', () => {
  it('is an agent who fits, whenever there is one', () => {
    fc.assert(
      fc.property(needs, agents, (wanted, all) => {
        const { chosen } = chooseAgent(wanted, all);
        const fitting = all.filter((candidate) => fits(wanted, candidate));
        expect(chosen === undefined).toBe(fitting.length === 0);
        if (chosen !== undefined) expect(fitting.map(({ userId }) => userId)).toContain(chosen);
      }),
    );
  });

  it('has no better candidate', () => {
    fc.assert(
      fc.property(needs, agents, (wanted, all) => {
        const chosen = all.find(({ userId }) => userId === chooseAgent(wanted, all).chosen);
        if (chosen === undefined) return;
        for (const other of all.filter((candidate) => candidate !== chosen && fits(wanted, candidate))) {
          const order = [
            Number(knows(wanted, other)) - Number(knows(wanted, chosen)),
            chosen.load - other.load,
            chosen.idleSince - other.idleSince,
            chosen.userId > other.userId ? 1 : -1,
          ];
          expect(order.find((difference) => difference !== 0)).toBeLessThan(0);
        }
      }),
    );
  });

  it('does not depend on the order of the agents', () => {
    const both = agents.chain((all) => fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length })));
    fc.assert(
      fc.property(needs, both, (wanted, [all, shuffled]) => {
        expect(chooseAgent(wanted, shuffled)).toEqual(chooseAgent(wanted, all));
      }),
    );
  });

  it('lists every agent once, up to the limit, and the chosen one in any case', () => {
    fc.assert(
      fc.property(needs, agents, (wanted, all) => {
        const { chosen, considered, omitted } = chooseAgent(wanted, all);
        expect(new Set(considered.map(({ userId }) => userId)).size).toBe(considered.length);
        expect(considered.length + omitted).toBe(all.length);
        expect(considered.length).toBe(Math.min(all.length, mostConsidered));
        expect(considered.filter(({ outcome }) => outcome === 'chosen').map(({ userId }) => userId)).toEqual(
          chosen === undefined ? [] : [chosen],
        );
      }),
    );
  });

  it('is the same from the side of the agent', () => {
    fc.assert(
      fc.property(fc.array(needs), agents, (queue, all) => {
        for (const one of all) {
          const first = queue.find((waiting) => chooseAgent(waiting, [one]).chosen === one.userId);
          expect(chooseConversation(one, queue)).toBe(first);
        }
      }),
      { numRuns: 50 },
    );
  });
});
