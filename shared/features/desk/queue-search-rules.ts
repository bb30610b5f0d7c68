import type { Conversation } from '../../contract/schemas/conversation.ts';

/** Whether each word of the query begins a word of the subject, the description, the tags or the incident. */
export function matchesTexts(conversation: Conversation, query: string): boolean {
  const { subject = '', description = '', tags = [], incidentId = '', id } = conversation;
  const words = wordsOf([subject, description, ...tags, incidentId, id].join(' '));
  return wordsOf(query).every((wanted) => words.some((word) => word.startsWith(wanted)));
}

function wordsOf(text: string): readonly string[] {
  return (
    text
      .normalize('NFKC')
      .toLowerCase()
      .match(/[\p{L}\p{N}\p{M}]+/gu) ?? []
  );
}
