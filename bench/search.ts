import { ulid } from 'ulid';
import type { TestRun } from '../test/integration/harness.ts';
import { call } from '../test/integration/raw-client.ts';
import { type Person, text200 } from './people.ts';
import { readBy, type ReadFigures } from './reads.ts';
import { addMembers } from './synthetic-members.ts';

export interface SearchFigures {
  readonly conversations: number;
  readonly messagesEach: number;
  /** A page of 20 for a word in every message. */
  readonly frequent: ReadFigures;
  /** A word in only one message, the oldest of a conversation, so the search examines everything. */
  readonly rare: ReadFigures;
}

/** The number of messages that are sent in parallel. */
const writers = 10;

/** Searches conversations for a word in all messages, and for a word in one message. */
export async function measureSearch(
  test: TestRun,
  who: Person,
  conversations: number,
  messagesEach: number,
): Promise<SearchFigures> {
  const others = await addMembers(test, who, [], conversations);
  const ids: string[] = [];
  for (const userId of others) {
    ids.push((await ask(test, who, 'POST', '/conversations', { kind: 'direct', userId })).id as string);
  }
  for (let number = 0; number < messagesEach; number += 1) {
    for (let start = 0; start < ids.length; start += writers) {
      await Promise.all(
        ids.slice(start, start + writers).map((id, index) => {
          const isRare = number === 0 && start + index === 0;
          const body = { type: 'text', text: isRare ? `needle ${text200}` : text200, clientMessageId: ulid() };
          return ask(test, who, 'POST', `/conversations/${id}/messages`, body);
        }),
      );
    }
  }
  await test.run.settled();
  const search = async (q: string, expected: number): Promise<ReadFigures> => {
    // The first search also reads the tenant's key and settings.
    await ask(test, who, 'GET', `/search/messages?q=${q}`);
    await test.run.settled();
    test.run.recorder.clear();
    const { items } = await ask(test, who, 'GET', `/search/messages?q=${q}`);
    if ((items as unknown[]).length !== expected) throw new Error(`${items.length} messages were found by ${q}`);
    return readBy(test, 'search');
  };
  return { conversations, messagesEach, frequent: await search('hundred', 20), rare: await search('needle', 1) };
}

/** The usage of the search index per message. */
export interface IndexingFigures extends ReadFigures {
  readonly writeUnits: number;
  readonly invocations: number;
}

export function indexingPerSend(test: TestRun, sends: number): IndexingFigures {
  const { recorder } = test.run;
  const invocations = recorder.invocations().filter(({ functionName }) => functionName.endsWith('-index-messages'));
  const calls = recorder.calls().filter(({ functionName }) => functionName.endsWith('-index-messages'));
  const { awsCalls, readUnits } = readBy(test, 'index-messages');
  return {
    awsCalls: awsCalls / sends,
    readUnits: readUnits / sends,
    writeUnits: calls.reduce((sum, { writeUnits }) => sum + writeUnits, 0) / sends,
    invocations: invocations.length / sends,
  };
}

async function ask(test: TestRun, who: Person, method: string, path: string, body?: object) {
  const answer = await call(test.url, method, `/api/v1${path}`, {
    token: who.token,
    ...(body === undefined ? {} : { body }),
  });
  if (answer.status >= 300) throw new Error(`${method} ${path}: ${answer.text}`);
  return answer.body;
}
