import { ulid } from 'ulid';
import type { LocalRun } from '../local/contract.ts';
import type { Provision } from '../bin/seed.ts';
import { call, RawSocket, signIn, type SignedIn } from '../test/integration/raw-client.ts';

export interface Person extends SignedIn {
  readonly socket: RawSocket;
}

const password = 'Switchboard-1!';
const slug = 'bench';

export async function connectPeople(run: LocalRun, provision: Provision, count: number): Promise<readonly Person[]> {
  await provision({ command: 'createTenant', slug, name: 'Bench', settings: { messagesPerMinute: null } });
  const people: Person[] = [];
  for (let number = 1; number <= count; number += 1) {
    const username = `p${number}`;
    const email = `${username}@bench.test`;
    await provision({
      command: 'createUser',
      tenant: slug,
      username,
      email,
      firstName: 'Person',
      lastName: `No. ${number}`,
      password,
      role: 'member',
      active: true,
    });
    const person = await signIn(run.url, slug, email, password);
    const socket = await new RawSocket(run.socketUrl, ['switchboard', `bearer.${person.token}`]).opened();
    await socket.request('hello', {});
    people.push({ ...person, socket });
  }
  return people;
}

export async function startConversation(run: LocalRun, starter: Person, recipient: Person): Promise<string> {
  const answer = await call(run.url, 'POST', '/api/v1/conversations', {
    token: starter.token,
    body: { kind: 'direct', userId: recipient.userId },
  });
  if (answer.status >= 300) throw new Error(`The conversation was not created: ${answer.text}`);
  return answer.body.id as string;
}

export const text200 = 'Two hundred bytes of plain text, as people write them. '.repeat(4).slice(0, 200);

/** Returns milliseconds. */
export async function sendAndReceive(from: Person, to: Person, conversationId: string): Promise<number> {
  const clientMessageId = ulid();
  const received = to.socket.frame(
    (frame) => frame.type === 'message.created' && frame.data.clientMessageId === clientMessageId,
    30_000,
  );
  const startedAt = performance.now();
  const data = { conversationId, type: 'text', text: text200, clientMessageId };
  const [ack] = await Promise.all([from.socket.request('message.send', data, 30_000), received]);
  if (ack.type !== 'ack') throw new Error(`The message was rejected: ${JSON.stringify(ack)}`);
  return performance.now() - startedAt;
}

/** Bytes. Sent frames are not larger. */
export function largestFrameOf(people: readonly Person[]): number {
  return Math.max(0, ...people.flatMap(({ socket }) => socket.frames).map((frame) => JSON.stringify(frame).length));
}
