import { ulid } from 'ulid';
import type { TestRun } from '../test/integration/harness.ts';
import { call } from '../test/integration/raw-client.ts';
import { type Person, text200 } from './people.ts';
import { readBy, type ReadFigures } from './reads.ts';
import { addMembers } from './synthetic-members.ts';

export interface SearchFigures {
  readonly conversations: number;
  readonly messagesEach: number;
  readonly frequent: ReadFigures;
  /** Only the oldest message has the word, so the search reads the whole index. */
  readonly rare: ReadFigures;
}

const writers = 10;

export async function measureSearch(
  test: TestRun,
  person: Person,
  conversations: number,
  messagesEach: number,
): Promise<SearchFigures> {
  const memberIds = await addMembers(test, person, [], conversations);
  const ids: string[] = [];
  for (const userId of memberIds) {
    ids.push((await ask(test, person, 'POST', '/conversations', { kind: 'direct', userId })).id as string);
  }
  for (let number = 0; number < messagesEach; number += 1) {
    for (let start = 0; start < ids.length; start += writers) {
      await Promise.all(
        ids.slice(start, start + writers).map((id, index) => {
          const isRare = number === 0 && start + index === 0;
          const body = { type: 'text', text: isRare ? `needle ${text200}` : text200, clientMessageId: ulid() };
          return ask(test, person, 'POST', `/conversations/${id}/messages`, body);
        }),
      );
    }
  }
  await test.run.settled();
  const search = async (query: string, expected: number): Promise<ReadFigures> => {
    // The first search also reads the key and settings.
    await ask(test, person, 'GET', `/search/messages?q=${query}`);
    await test.run.settled();
    test.run.recorder.clear();
    const { items } = await ask(test, person, 'GET', `/search/messages?q=${query}`);
    if ((items as unknown[]).length !== expected) throw new Error(`${items.length} messages were found for “${query}”`);
    return readBy(test, 'search');
  };
  return { conversations, messagesEach, frequent: await search('hundred', 20), rare: await search('needle', 1) };
}

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

async function ask(test: TestRun, person: Person, method: string, path: string, body?: object) {
  const answer = await call(test.url, method, `/api/v1${path}`, {
    token: person.token,
    ...(body === undefined ? {} : { body }),
  });
  if (answer.status >= 300) throw new Error(`${method} ${path}: ${answer.text}`);
  return answer.body;
}
