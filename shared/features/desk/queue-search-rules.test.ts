import { expect, it } from 'vitest';
import type { Conversation } from '../../contract/schemas/conversation.ts';
import { matchesTexts } from './queue-search-rules.ts';

const matches = (texts: Partial<Conversation>, query: string) =>
  matchesTexts({ id: '01KAJ72Q3C8D1F4G7H0J3K6M9N', ...texts } as Conversation, query);

it.each([
  ['the beginning of a word', { subject: 'I cannot log in' }, 'can LOG'],
  ['a tag', { tags: ['billing'] }, 'bill'],
  ['an incident', { incidentId: 'INC-42' }, 'inc-42'],
  ['an emoji', { subject: 'Help 👍🏽' }, '👍'],
  ['a letter without its accent', { subject: 'Résumé' }, 'resume'],
  ['another form of the same letters', { subject: 'e\u0301tude' }, 'étude'],
  ['an Arabic word with vowel signs', { subject: 'مُساعَدة' }, 'مساعدة'],
  ['a word inside a Thai text', { subject: 'ช่วยด้วยครับ' }, 'ด้วย'],
])('finds %s', (_, texts, query) => {
  expect(matches(texts, query)).toBe(true);
});

it.each([
  ['an emoji that is not there', { subject: 'Help' }, '👍'],
  ['signs alone', { subject: 'Help "me"' }, '"%"'],
  ['a word and an emoji of which one is missing', { subject: 'Help' }, 'help 👍'],
  ['the end of a word', { subject: 'Billing' }, 'ling'],
])('does not find %s', (_, texts, query) => {
  expect(matches(texts, query)).toBe(false);
});
