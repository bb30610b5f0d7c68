import type { Conversation } from '../../contract/schemas/conversation.ts';
import { isEmpty, matches, wordsOf } from '../search/word-rules.ts';

/**
 * Whether each word of the query begins a word of the subject, the description, the tags or the incident. Compares words
 * like the search in messages. A query without a word matches nothing.
 */
export function matchesTexts(conversation: Conversation, query: string): boolean {
  const { subject = '', description = '', tags = [], incidentId = '', id } = conversation;
  const wanted = wordsOf([query]);
  return !isEmpty(wanted) && matches(wanted, wordsOf([subject, description, ...tags, incidentId, id]));
}
