import type { Message, MessageType } from '../contract/schemas/message.ts';
import { searchMessages } from '../contract/search/search-messages.ts';
import { answerOf } from './answer-of.ts';
import type { CallRoute } from './http.ts';

/** What to search for: a text, or at least a conversation, a sender or a type. */
export interface MessageSearch {
  /** Words, or beginnings of words; a message has to have all of them. */
  readonly text?: string;
  readonly conversationId?: string;
  readonly senderId?: string;
  readonly type?: Exclude<MessageType, 'system'>;
  /** Only messages that were sent then or later. */
  readonly after?: Date;
  /** Only messages that were sent before. */
  readonly before?: Date;
  /** Messages in a page, at most 100; 20 if absent. */
  readonly limit?: number;
}

export interface FoundMessages {
  /** Newest first. May be empty, although a later page is not: the server looks at so many messages for each page. */
  readonly items: readonly Message[];
  /** Everything younger has been looked at; absent on the last page, when everything has been. */
  readonly searchedThrough?: string | undefined;
}

/**
 * What is found, page by page: the next one is asked for when it is.
 *
 * @throws RefusedError if it was refused, NetworkError if nobody answered.
 */
export async function* foundMessages(call: CallRoute, search: MessageSearch): AsyncGenerator<FoundMessages, void> {
  const { text, after, before, ...rest } = search;
  const query = {
    ...rest,
    ...(text === undefined ? {} : { q: text }),
    ...(after === undefined ? {} : { after: after.toISOString() }),
    ...(before === undefined ? {} : { before: before.toISOString() }),
  };
  for (let cursor: string | undefined; ;) {
    const { items, nextCursor, searchedThrough } = await answerOf(call, searchMessages, {
      query: { ...query, ...(cursor === undefined ? {} : { cursor }) },
    });
    yield { items, searchedThrough };
    if (nextCursor === null) return;
    cursor = nextCursor;
  }
}
