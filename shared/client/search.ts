import type { Message, MessageType } from '../contract/schemas/message.ts';
import { searchMessages } from '../contract/search/search-messages.ts';
import { answerOf } from './answer-of.ts';
import type { CallRoute } from './http.ts';

/** A search needs a text, a conversation, a sender or a type. */
export interface MessageSearch {
  readonly text?: string;
  readonly conversationId?: string;
  readonly senderId?: string;
  readonly type?: Exclude<MessageType, 'system'>;
  readonly after?: Date;
  readonly before?: Date;
  /** At most 100 per page. Default: 20. */
  readonly limit?: number;
}

export interface FoundMessages {
  /** Newest first. A page can be empty although a later one is not. */
  readonly items: readonly Message[];
  /** Everything after this time is examined. Absent on the last page. */
  readonly searchedThrough?: string | undefined;
}

/**
 * Fetches each page on demand.
 *
 * @throws RefusedError, NetworkError.
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
