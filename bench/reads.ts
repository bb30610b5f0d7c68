import { ulid } from 'ulid';
import type { TestRun } from '../test/integration/harness.ts';
import { call, RawSocket } from '../test/integration/raw-client.ts';
import { frameUnits } from './cost.ts';
import { type Person, sendAndReceive, text200 } from './people.ts';
import { addMembers } from './synthetic-members.ts';

export interface ReadFigures {
  readonly awsCalls: number;
  readonly readUnits: number;
}

export interface InboxFigures extends ReadFigures {
  readonly conversations: number;
}

export async function measureInbox(test: TestRun, person: Person, conversations: number): Promise<InboxFigures> {
  for (const userId of await addMembers(test, person, [], conversations)) {
    const { id } = await post(test, person, '/conversations', { kind: 'direct', userId });
    await post(test, person, `/conversations/${id}/messages`, message());
  }
  const list = async (): Promise<number> => {
    const answer = await call(test.url, 'GET', `/api/v1/conversations?limit=${conversations}`, { token: person.token });
    return (answer.body.items as unknown[]).length;
  };
  await test.run.settled();
  await list();
  test.run.recorder.clear();
  const listed = await list();
  if (listed !== conversations) throw new Error(`${listed} of ${conversations} conversations were listed`);
  return { conversations, ...readBy(test, 'conversations') };
}

export interface CatchUpFigures extends ReadFigures {
  readonly messages: number;
  readonly frames: number;
  readonly bytes: number;
  readonly frameUnits: number;
}

/** Sends what the conversation lacks of so many messages. The figures include the reconnection. */
export async function measureCatchUp(
  test: TestRun,
  { sender, person }: { readonly sender: Person; readonly person: Person },
  conversationId: string,
  messages: number,
): Promise<CatchUpFigures> {
  const read = () => call(test.url, 'GET', `/api/v1/conversations/${conversationId}`, { token: person.token });
  await test.run.settled();
  const before = (await read()).body.lastSeq as number;
  // The log starts with entries that are no messages.
  for (let lacking = messages + 5 - before; lacking > 0; lacking -= 1) {
    await sendAndReceive(sender, person, conversationId);
  }
  await test.run.settled();
  const position = ((await read()).body.lastSeq as number) - messages;
  const catchUp = async () => {
    const socket = await new RawSocket(test.run.socketUrl, ['switchboard', `bearer.${person.token}`]).opened();
    const sizes: number[] = [];
    await test.run.settled();
    test.run.recorder.clear();
    socket.socket.on('message', (bytes: Buffer) => {
      if (bytes.includes('"sync.page"')) sizes.push(bytes.length);
    });
    await socket.request('hello', { resume: { [conversationId]: position } }, 60_000);
    await socket.frame((frame) => frame.type === 'sync.page' && frame.data.complete === true, 60_000);
    await test.run.settled();
    const pages = socket.frames.filter((frame) => frame.type === 'sync.page');
    await socket.close();
    const events = pages.flatMap((page) => page.data.events as { readonly type: string }[]);
    return { sizes, received: events.filter((event) => event.type === 'message.created').length };
  };
  await catchUp();
  const { sizes, received } = await catchUp();
  if (received !== messages) throw new Error(`Catching up returned ${received} of ${messages} messages`);
  return {
    messages,
    frames: sizes.length,
    bytes: sizes.reduce((sum, size) => sum + size, 0),
    frameUnits: sizes.reduce((sum, size) => sum + frameUnits(size), 0),
    ...readBy(test, 'socket-action'),
  };
}

export function readBy(test: TestRun, functionName: string): ReadFigures {
  const calls = test.run.recorder.calls().filter((each) => each.functionName.endsWith(`-${functionName}`));
  return { awsCalls: calls.length, readUnits: calls.reduce((sum, { readUnits }) => sum + readUnits, 0) };
}

function message(): object {
  return { type: 'text', text: text200, clientMessageId: ulid() };
}

async function post(test: TestRun, person: Person, path: string, body: object) {
  const answer = await call(test.url, 'POST', `/api/v1${path}`, { token: person.token, body });
  if (answer.status >= 300) throw new Error(`POST ${path}: ${answer.text}`);
  return answer.body;
}
