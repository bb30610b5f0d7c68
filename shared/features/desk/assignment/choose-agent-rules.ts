import type { Availability } from '../../../contract/schemas/availability.ts';
import { mayReceive } from './availability-rules.ts';

/** A {@link SupportState} has these members too. */
export interface Needs {
  readonly teamId?: string;
  readonly language?: string;
  readonly skills?: readonly string[];
}

export interface Agent {
  readonly userId: string;
  /** The effective one, see availability-rules.ts. */
  readonly availability: Availability;
  readonly maxConcurrent: number;
  /** Open conversations. */
  readonly load: number;
  readonly teams: readonly string[];
  readonly skills: readonly string[];
  readonly languages: readonly string[];
  /** When the agent last got a conversation or became available. */
  readonly idleSince: number;
  /** False for suspended accounts and other roles. */
  readonly canAct: boolean;
}

type Obstacle = 'cannot-act' | 'busy' | 'away' | 'offline' | 'other-team' | 'no-skill' | 'at-capacity';
export type Outcome =
  Obstacle | 'chosen' | 'no-language' | 'fewer-open-elsewhere' | 'idle-longer-elsewhere' | 'lower-id-elsewhere';

/**
 * - `fewest-open`: the conversation has no language
 * - `fewest-open-with-language`: among those who speak it
 * - `fewest-open-without-language`: no fitting agent speaks it
 * - `no-agent`: no agent fits
 */
export type AssignmentRule = 'fewest-open' | 'fewest-open-with-language' | 'fewest-open-without-language' | 'no-agent';

export interface Considered {
  readonly userId: string;
  readonly load: number;
  readonly maxConcurrent: number;
  readonly outcome: Outcome;
}

export interface Choice {
  readonly chosen?: string;
  readonly rule: AssignmentRule;
  /** The candidates, best first, and then the others. */
  readonly considered: readonly Considered[];
  /** Agents beyond the limit of the list. */
  readonly omitted: number;
}

export const mostConsidered = 50;

/** Chooses the fitting agent with the fewest open conversations, then the one who is idle for longest, then by id. */
export function chooseAgent(needs: Needs, agents: readonly Agent[]): Choice {
  const ranked = agents.toSorted(byRank);
  const fitting = ranked.filter((agent) => obstacleOf(needs, agent) === undefined);
  const speaking = fitting.filter((agent) => speaks(needs.language, agent));
  const isLanguageFound = speaking.length > 0;
  const candidates = isLanguageFound ? speaking : fitting;
  const [chosen] = candidates;
  const outcomeOf = (agent: Agent): Outcome => {
    const obstacle = obstacleOf(needs, agent);
    if (obstacle !== undefined) return obstacle;
    if (isLanguageFound && !speaks(needs.language, agent)) return 'no-language';
    return chosen !== undefined && agent !== chosen ? lossOf(agent, chosen) : 'chosen';
  };
  const unsuitable = ranked.filter((agent) => !candidates.includes(agent));
  const considered = [...candidates, ...unsuitable].slice(0, mostConsidered);
  return {
    ...(chosen === undefined ? {} : { chosen: chosen.userId }),
    rule: ruleOf(needs, chosen, isLanguageFound),
    considered: considered.map((agent) => ({
      userId: agent.userId,
      load: agent.load,
      maxConcurrent: agent.maxConcurrent,
      outcome: outcomeOf(agent),
    })),
    omitted: agents.length - considered.length,
  };
}

/**
 * The language is not needed: an agent who speaks it and had capacity would have the conversation already.
 *
 * @param waiting - in the order of the queue.
 */
export function chooseConversation<Waiting extends Needs>(
  agent: Agent,
  waiting: readonly Waiting[],
): Waiting | undefined {
  return waiting.find((needs) => obstacleOf(needs, agent) === undefined);
}

function obstacleOf({ teamId, skills = [] }: Needs, agent: Agent): Obstacle | undefined {
  if (!agent.canAct) return 'cannot-act';
  if (!mayReceive(agent.availability)) return agent.availability;
  if (teamId !== undefined && !agent.teams.includes(teamId)) return 'other-team';
  if (!skills.every((skill) => agent.skills.includes(skill))) return 'no-skill';
  return agent.load < agent.maxConcurrent ? undefined : 'at-capacity';
}

/** Compares primary subtags (RFC 5646, section 2.2.1): an agent who speaks `pt` helps in `pt-BR`. */
function speaks(language: string | undefined, { languages }: Agent): boolean {
  return language !== undefined && languages.some((spoken) => primarySubtag(spoken) === primarySubtag(language));
}

function primarySubtag(language: string): string {
  return language.toLowerCase().split('-', 1)[0] ?? '';
}

function byRank(one: Agent, other: Agent): number {
  return one.load - other.load || one.idleSince - other.idleSince || (one.userId < other.userId ? -1 : 1);
}

function lossOf(agent: Agent, chosen: Agent): Outcome {
  if (agent.load > chosen.load) return 'fewer-open-elsewhere';
  return agent.idleSince > chosen.idleSince ? 'idle-longer-elsewhere' : 'lower-id-elsewhere';
}

function ruleOf({ language }: Needs, chosen: Agent | undefined, isLanguageFound: boolean): AssignmentRule {
  if (chosen === undefined) return 'no-agent';
  if (language === undefined) return 'fewest-open';
  return isLanguageFound ? 'fewest-open-with-language' : 'fewest-open-without-language';
}
