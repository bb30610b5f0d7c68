import { ulid } from 'ulid';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Fault, PlannedCall } from '../../../local/fault-plan.ts';
import { keys } from '../../../shared/core/table/keys.ts';
import { tenantPrefix } from '../../../shared/core/tenancy/tenant-scope.ts';
import type { TestRun } from '../harness.ts';
import { sharedTestRun } from '../shared-run.ts';
import { connect, conversationOf } from '../people.ts';
import type { Frame, RawSocket } from '../raw-client.ts';
import { Faults } from '../system/faults.ts';
import { Tables } from '../system/tables.ts';
import type { Person } from '../system/world.ts';
import { arrived, ask, makeTenant, newcomer, recordedConnections } from './people-with-sockets.ts';

/** Frames that a client sends with this text are held back for so long that those after it overtake them. */
const slowText = 'overtaken';
const heldBackMs = 1_500;

let test: TestRun;
let tables: Tables;
let alice: Person;
let bob: Person;
let conversation: string;
let sender: RawSocket;
const faults = new Faults();
/** Connections whose end is not told. */
const silent = new Set<string>();

beforeAll(async () => {
  test = await sharedTestRun({
    ...faults.plan,
    onFrame: (_connectionId, frame) => (frame.includes(slowText) ? heldBackMs : 0),
    dropDisconnect: (connectionId) => silent.has(connectionId),
  });
  tables = new Tables(test.run);
  await makeTenant(test);
  alice = await newcomer(test);
  sender = await connect(test, alice);
});

beforeEach(async () => {
  bob = await newcomer(test);
  conversation = await conversationOf(test, alice, bob);
});

afterAll(async () => {
  await sender.close();
  await test.stop();
});

/** A socket with the id of its connection. */
async function connected(who: Person): Promise<{ readonly socket: RawSocket; readonly id: string }> {
  const socket = await connect(test, who);
  const welcome = await socket.request('hello', {});
  return { socket, id: welcome.data.connectionId as string };
}

/** Sends a message and awaits its ack. */
async function send(text: string): Promise<{ readonly seq: number }> {
  const ack = await sender.request('message.send', newMessage(text));
  expect(ack.type).toBe('ack');
  return ack.data as { readonly seq: number };
}

function newMessage(text: string) {
  return { conversationId: conversation, type: 'text', text, clientMessageId: ulid() };
}

const tellsOf = (text: string) => (frame: Frame) => frame.type === 'message.created' && frame.data.text === text;

/** What happens to posts to one connection. */
function postsTo(id: string, fault: (attempt: number) => Fault | undefined) {
  let attempts = 0;
  return ({ operation, resource }: PlannedCall): Fault | undefined => {
    if (operation !== 'PostToConnection' || decodeURIComponent(resource) !== id) return undefined;
    attempts += 1;
    return fault(attempts);
  };
}

/** Makes a connection as old as one whose handshake is over for certain. */
async function age(who: Person, id: string): Promise<void> {
  const { pk, sk } = keys.userConnections(who.userId);
  const partition = `${tenantPrefix}${who.tenantId}#${pk}`;
  const stored = (await tables.get(partition, sk))?.[`c:${id}`] as object;
  await tables.set(partition, sk, `c:${id}`, { ...stored, connectedAt: Date.now() - 60_000 });
}

/** Texts of everything that the conversation holds. */
async function history(who: Person): Promise<readonly string[]> {
  const { body } = await ask(test, who, 'GET', `/api/v1/conversations/${conversation}/messages`);
  return (body.items as readonly { readonly text: string }[]).map(({ text }) => text);
}

/** Catches up from a position; the texts that came. */
async function missed(who: Person, seq: number): Promise<readonly string[]> {
  const { socket } = await connected(who);
  await socket.request('hello', { resume: { [conversation]: seq } });
  await socket.frame(
    (frame) => frame.type === 'sync.page' && frame.data.complete === true && frame.data.events.length > 0,
  );
  const events = socket.frames
    .filter((frame) => frame.type === 'sync.page')
    .flatMap((page) => page.data.events as Frame[]);
  await socket.close();
  return events.filter(({ type }) => type === 'message.created').map(({ data }) => data.text as string);
}

const gone: Fault = { kind: 'status', status: 410, code: 'GoneException' };
const tooMany: Fault = { kind: 'status', status: 429, code: 'LimitExceededException' };

describe('a post that finds its connection gone (410)', () => {
  it('has the connection forgotten, while the other one gets everything', async () => {
    const [dead, live] = [await connected(bob), await connected(bob)];
    await age(bob, dead.id);
    await faults.during(
      postsTo(dead.id, () => gone),
      async () => {
        await send('to the living');
        await live.socket.frame(tellsOf('to the living'));
        await test.run.settled();
      },
    );
    expect(await recordedConnections(tables, bob)).toEqual([live.id]);
    expect(await history(bob)).toEqual(['to the living']);
    await Promise.all([dead.socket.close(), live.socket.close()]);
  });

  it('keeps a connection and its presence while the handshake may be in progress, and delivers later messages to it', async () => {
    const young = await connected(bob);
    await faults.during(
      postsTo(young.id, () => gone),
      async () => {
        await send('too early');
        await test.run.settled();
      },
    );
    expect(await recordedConnections(tables, bob)).toEqual([young.id]);
    const { body } = await ask(test, alice, 'GET', `/api/v1/users/presence?ids=${bob.userId}`);
    expect(body.users).toEqual([{ userId: bob.userId, status: 'online' }]);
    await send('in time');
    const { seq } = (await young.socket.frame(tellsOf('in time'))) as { readonly seq: number };
    // The hole before it is what tells the client to catch up.
    expect(seq).toBe(2);
    expect(young.socket.frames.filter(tellsOf('too early'))).toEqual([]);
    expect(await missed(bob, 0)).toEqual(['too early', 'in time']);
    await young.socket.close();
  });
});

describe('a post that is throttled (429)', () => {
  it('is tried again, and arrives once', async () => {
    const { socket, id } = await connected(bob);
    await faults.during(
      postsTo(id, (attempt) => (attempt <= 2 ? tooMany : undefined)),
      async () => {
        await send('at the third attempt');
        await socket.frame(tellsOf('at the third attempt'));
        await test.run.settled();
      },
    );
    await arrived(socket);
    expect(socket.frames.filter(tellsOf('at the third attempt'))).toHaveLength(1);
    await socket.close();
  });

  it('is given up in the end: the message is stored, the connection kept, and the client catches up', async () => {
    const { socket, id } = await connected(bob);
    await faults.during(
      postsTo(id, () => tooMany),
      async () => {
        await send('given up');
        await test.run.settled();
      },
    );
    expect(await recordedConnections(tables, bob)).toEqual([id]);
    await send('delivered');
    expect((await socket.frame(tellsOf('delivered'))).seq).toBe(2);
    expect(socket.frames.filter(tellsOf('given up'))).toEqual([]);
    expect(await missed(bob, 0)).toEqual(['given up', 'delivered']);
    await socket.close();
  });

  it('to the sender leaves the message stored once, however often it is repeated', async () => {
    const { id, socket } = await connected(alice);
    const data = newMessage('acknowledged late');
    await faults.during(
      postsTo(id, () => tooMany),
      async () => {
        socket.socket.send(JSON.stringify({ action: 'message.send', ref: 'lost', data }));
        await arrived(socket);
        await test.run.settled();
      },
    );
    expect(await socket.request('message.send', data)).toMatchObject({ type: 'ack', data: { seq: 1 } });
    expect(socket.frames.filter(({ ref }: Frame) => ref === 'lost')).toEqual([]);
    expect(await history(alice)).toEqual(['acknowledged late']);
    await socket.close();
  });
});

describe('a connection whose end nobody tells', () => {
  it('is forgotten by the first post that it does not take', async () => {
    const { socket, id } = await connected(bob);
    await age(bob, id);
    silent.add(id);
    const closed = socket.closed();
    socket.cut();
    await closed;
    // The message is the first post, unless somebody's presence was.
    await send('into the void');
    await test.run.settled();
    expect(await recordedConnections(tables, bob)).toEqual([]);
    expect(await missed(bob, 0)).toEqual(['into the void']);
  });

  it('does not keep its owner from connecting anew', async () => {
    const first = await connected(bob);
    silent.add(first.id);
    const closed = first.socket.closed();
    first.socket.cut();
    await closed;
    const next = await connected(bob);
    await send('to the next one');
    await next.socket.frame(tellsOf('to the next one'));
    await next.socket.close();
  });
});

describe('frames of one client that overtake one another', () => {
  it('are each stored and answered once, in the order in which they came to the server', async () => {
    const socket = await connect(test, alice);
    const [slow, quick] = [newMessage(slowText), newMessage('quick')];
    const [late, early] = await Promise.all([
      socket.request('message.send', slow),
      socket.request('message.send', quick),
    ]);
    expect(early).toMatchObject({ type: 'ack', data: { clientMessageId: quick.clientMessageId, seq: 1 } });
    expect(late).toMatchObject({ type: 'ack', data: { clientMessageId: slow.clientMessageId, seq: 2 } });
    expect(await history(bob)).toEqual(['quick', slowText]);
    // Repeated in the other order, both are what they were.
    expect((await socket.request('message.send', slow)).data.seq).toBe(2);
    expect((await socket.request('message.send', quick)).data.seq).toBe(1);
    await socket.close();
  });
});
