import type { Message } from '../../contract/schemas/message.ts';
import type { Priority } from '../../contract/schemas/support.ts';
import type { SupportState } from '../log/support-state.ts';
import type { SupportTexts } from '../log/support-texts.ts';
import { acknowledgedBy, type DeskTerms, raise, withPriority } from './support-rules.ts';

/** `null` removes a value, and an absent member keeps it. */
export interface PropertyChange {
  readonly priority?: Priority | undefined;
  readonly tags?: readonly string[] | undefined;
  readonly language?: string | null | undefined;
  readonly skills?: readonly string[] | undefined;
  readonly teamId?: string | null | undefined;
  readonly archived?: boolean | undefined;
  readonly subject?: string | null | undefined;
  readonly description?: string | null | undefined;
  readonly metadata?: Message['metadata'] | null;
}

const textMembers = ['subject', 'description', 'metadata'] as const;
type TextChange = Pick<PropertyChange, (typeof textMembers)[number]>;

/** Customers see these members. They receive the entry, so that what they know stays complete. */
const seenByCustomers = [...textMembers, 'priority', 'teamId'] as const;

export function isSeenByCustomers(change: PropertyChange): boolean {
  return seenByCustomers.some((member) => change[member] !== undefined);
}

interface ChangeOf {
  readonly by: string;
  /** Number of the entry. */
  readonly seq: number;
  readonly terms: DeskTerms;
  readonly now: number;
}

/** @returns the same state if nothing differs. */
export function withProperties(state: SupportState, change: PropertyChange, at: ChangeOf): SupportState {
  const simple = withSimpleMembers(state, change);
  const { priority = state.priority } = change;
  return priority === state.priority ? simple : withOtherPriority(simple, priority, at);
}

/** Lowering the priority of an urgent conversation also acknowledges it. */
function withOtherPriority(state: SupportState, priority: Priority, { by, seq, terms, now }: ChangeOf): SupportState {
  const isOpen = state.status === 'waiting' || state.status === 'active';
  if (priority === 'urgent' && isOpen) return raise(state, seq, terms, now);
  return withPriority(acknowledgedBy(state, by, now), priority, terms, now);
}

function withSimpleMembers(state: SupportState, change: PropertyChange): SupportState {
  const { tags = state.tags, language = state.language, skills = state.skills, teamId = state.teamId } = change;
  const { archived = state.archived } = change;
  const { language: _language, skills: _skills, teamId: _team, archived: _archived, ...kept } = state;
  const next: SupportState = {
    ...kept,
    tags,
    ...(language === null || language === undefined ? {} : { language }),
    ...(skills === undefined || skills.length === 0 ? {} : { skills }),
    ...(teamId === null || teamId === undefined ? {} : { teamId }),
    ...(archived === true ? { archived } : {}),
  };
  return isSame(next, state) ? state : next;
}

/** @returns the changed members with their values, or `null`. */
export function changedTexts(texts: SupportTexts, change: TextChange): TextChange {
  return Object.fromEntries(
    textMembers.flatMap((member) => {
      const value = change[member];
      return value === undefined || isSame(value ?? undefined, texts[member]) ? [] : [[member, value]];
    }),
  );
}

export function withTexts(texts: SupportTexts, changed: TextChange): SupportTexts {
  const next = { ...texts, ...changed };
  return Object.fromEntries(Object.entries(next).filter(([, value]) => value !== null && value !== undefined));
}

/** The names of the members of the state that differ, in the order of a request. */
export function changedMembers(before: SupportState, after: SupportState): readonly string[] {
  const members = ['priority', 'tags', 'language', 'skills', 'teamId', 'archived'] as const;
  return members.filter((member) => !isSame(before[member], after[member]));
}

/** Compares JSON values. The order of members does not matter. */
function isSame(first: unknown, second: unknown): boolean {
  if (typeof first !== 'object' || typeof second !== 'object' || first === null || second === null) {
    return first === second;
  }
  if (Array.isArray(first) !== Array.isArray(second)) return false;
  const [members, others] = [new Map(Object.entries(first)), new Map(Object.entries(second))];
  return (
    members.size === others.size &&
    [...members].every(([key, value]) => others.has(key) && isSame(value, others.get(key)))
  );
}
