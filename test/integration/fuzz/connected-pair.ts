import { conversationOf } from '../people.ts';
import { newPerson } from '../system/world.ts';
import { FuzzSocket } from './fuzz-socket.ts';
import type { FuzzWorld } from './fuzz-world.ts';

let pairs = 0;

/** Two new people with a conversation, one of them connected: a token of long ago would end the connection. */
export async function connectedPair({ test, north, known }: FuzzWorld) {
  pairs += 1;
  const [one, other] = await Promise.all([
    newPerson(test, north.slug, 'framed', `one${pairs}`),
    newPerson(test, north.slug, 'framed', `other${pairs}`),
  ]);
  known.add('conversationId', await conversationOf(test, one, other));
  const socket = await FuzzSocket.open(test, one);
  await test.run.settled();
  test.run.recorder.clear();
  return { one, other, socket, close: () => socket.close() };
}
