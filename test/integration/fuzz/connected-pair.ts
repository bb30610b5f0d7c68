import { ulid } from 'ulid';
import { conversationOf } from '../people.ts';
import { call } from '../raw-client.ts';
import { newPerson } from '../system/world.ts';
import { FuzzSocket } from './fuzz-socket.ts';
import { type FuzzWorld, existingOf } from './fuzz-world.ts';

export type ConnectedPair = Awaited<ReturnType<typeof connectedPair>>;

let pairs = 0;

/** Uses new people, because older tokens could expire. */
export async function connectedPair({ test, north, south }: FuzzWorld) {
  pairs += 1;
  const number = pairs;
  const [person, newcomer] = await Promise.all([
    newPerson(test, north.slug, 'framed', `one${number}`),
    newPerson(test, north.slug, 'framed', `other${number}`),
  ]);
  const existing = existingOf(north, south);
  for (const partner of [newcomer, north.agent, north.guest]) {
    const id = await conversationOf(test, person, partner);
    existing.add('conversationId', id);
    for (let count = 0; count < 3; count += 1) {
      const body = { type: 'text', text: `text ${count}`, clientMessageId: ulid() };
      const path = `/api/v1/conversations/${id}/messages`;
      const answer = await call(test.url, 'POST', path, { token: person.token, body });
      if (answer.status !== 201) throw new Error(answer.text);
    }
  }
  const socket = await FuzzSocket.open(test, person);
  await test.run.settled();
  test.run.recorder.clear();
  return { existing, socket, close: () => socket.close() };
}
