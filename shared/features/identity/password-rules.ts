import { ZxcvbnFactory, type ZxcvbnResult } from '@zxcvbn-ts/core';
import { adjacencyGraphs, dictionary } from '@zxcvbn-ts/language-common';
import type { FieldError } from '../../contract/kit/define-problem.ts';

export interface PersonalData {
  readonly tenant: string;
  readonly email: string;
  readonly username: string;
  readonly firstName: string;
  readonly lastName: string;
}

/** "safely unguessable": at least 10^8 guesses. https://github.com/dropbox/zxcvbn */
const minimalScore = 3;
/** Longer input takes longer to estimate. The rest cannot make a password weaker. */
const estimatedLength = 100;
const shortestPart = 4;

const explanations: Readonly<Record<string, readonly [code: string, detail: string]>> = {
  straightRow: ['keyboard-row', 'Rows of keys are easy to guess: avoid them.'],
  keyPattern: ['keyboard-pattern', 'Short keyboard patterns are easy to guess: use a longer one with more turns.'],
  simpleRepeat: ['repetition', 'Repeated characters like "aaa" are easy to guess.'],
  extendedRepeat: ['repetition', 'Repeated parts like "abcabcabc" are only slightly harder to guess than "abc".'],
  sequences: ['sequence', 'Sequences like "abc" or "6543" are easy to guess.'],
  recentYears: ['year', 'Recent years are easy to guess.'],
  dates: ['date', 'Dates are easy to guess.'],
  topTen: ['common', 'This is one of the ten most used passwords.'],
  topHundred: ['common', 'This is one of the hundred most used passwords.'],
  common: ['common', 'This is a common password, known from breaches.'],
  similarToCommon: ['common', 'This is close to a common password, known from breaches.'],
  pwned: ['common', 'This password is known from a breach.'],
  userInputs: ['personal', 'The password must not consist of your name, address, username or organisation.'],
};
const fallback = ['guessable', 'Add another word or two: uncommon words are better.'] as const;

let estimator: ZxcvbnFactory | undefined;

/** Lazy, because ranking the dictionary takes about 20 ms. */
function estimate(password: string, parts: readonly string[]): ZxcvbnResult {
  estimator ??= new ZxcvbnFactory({ dictionary, graphs: adjacencyGraphs, maxLength: estimatedLength });
  return estimator.check(password, [...parts]);
}

/**
 * Empty if the password is strong.
 * @param field name of the body's field that contains the password.
 */
export function passwordWeakness(password: string, field: string, person: PersonalData): readonly FieldError[] {
  const parts = personalParts(person);
  const result = estimate(password, parts);
  if (result.score < minimalScore) {
    const [code, detail] = explanations[result.feedback.warning ?? ''] ?? fallback;
    return [{ pointer: `/${field}`, code, detail }];
  }
  const rest = without(password, parts);
  if (rest !== undefined && estimate(rest, []).score < minimalScore) {
    const [code, detail] = explanations['userInputs'] ?? fallback;
    return [{ pointer: `/${field}`, code, detail }];
  }
  return [];
}

function personalParts(person: PersonalData): string[] {
  const address = person.email.replace(/\.[^.@]*$/, '');
  const values = [person.tenant, person.email, person.username, person.firstName, person.lastName];
  const parts = [...values, ...[address, ...values.filter((value) => value !== person.email)].flatMap(splitWords)].map(
    fold,
  );
  // Longest first: a whole address before its parts.
  return [...new Set(parts)].filter((part) => part.length >= shortestPart).sort((a, b) => b.length - a.length);
}

/** Undefined if nothing was removed. */
function without(password: string, parts: readonly string[]): string | undefined {
  const folded = fold(password);
  const rest = parts.reduce((text, part) => text.replaceAll(part, ''), folded);
  return rest === folded ? undefined : rest;
}

function splitWords(value: string): string[] {
  return value.split(/[^\p{L}\p{N}]+/u);
}

function fold(value: string): string {
  return value.normalize('NFKC').toLowerCase();
}
