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

/** Later frames overtake frames with this text. */
const slowText = 'overtaken';
const heldBackMs = 1_500;

let test: TestRun;
let tables: Tables;
let alice: Person;
let bob: Person;
let conversation: string;
let sender: RawSocket;
const faults = new Faults();
/** Connections whose `$disconnect` is dropped. */
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

async function connected(who: Person): Promise<{ readonly socket: RawSocket; readonly id: string }> {
  const socket = await connect(test, who);
  const welcome = await socket.request('hello', {});
  return { socket, id: welcome.data.connectionId as string };
}

async function send(text: string): Promise<{ readonly seq: number }> {
  const ack = await sender.request('message.send', newMessage(text));
  expect(ack.type).toBe('ack');
  return ack.data as { readonly seq: number };
}

function newMessage(text: string) {
  return { conversationId: conversation, type: 'text', text, clientMessageId: ulid() };
}

const tellsOf = (text: string) => (frame: Frame) => frame.type === 'message.created' && frame.data.text === text;

function postsTo(id: string, fault: (attempt: number) => Fault | undefined) {
  let attempts = 0;
  return ({ operation, resource }: PlannedCall): Fault | undefined => {
    if (operation !== 'PostToConnection' || decodeURIComponent(resource) !== id) return undefined;
    attempts += 1;
    return fault(attempts);
  };
}

async function age(who: Person, id: string): Promise<void> {
  const { pk, sk } = keys.userConnections(who.userId);
  const partition = `${tenantPrefix}${who.tenantId}#${pk}`;
  const stored = (await tables.get(partition, sk))?.[`c:${id}`] as object;
  await tables.set(partition, sk, `c:${id}`, { ...stored, connectedAt: Date.now() - 60_000 });
}

async function history(who: Person): Promise<readonly string[]> {
  const { body } = await ask(test, who, 'GET', `/api/v1/conversations/${conversation}/messages`);
  return (body.items as readonly { readonly text: string }[]).map(({ text }) => text);
}

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
  it('removes the connection, while the user’s other connection receives everything', async () => {
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

  it('keeps a connection and its presence while the handshake may be in progress', async () => {
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
    // The gap tells the client to catch up.
    expect(seq).toBe(2);
    expect(young.socket.frames.filter(tellsOf('too early'))).toEqual([]);
    expect(await missed(bob, 0)).toEqual(['too early', 'in time']);
    await young.socket.close();
  });
});

describe('a post that is throttled (429)', () => {
  it('is retried and arrives once', async () => {
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

  it('is finally given up without removing the connection, and the client can catch up', async () => {
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

  it('leaves the message stored once when the acknowledgement is lost', async () => {
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

describe('a connection that ends without a disconnect event', () => {
  it('is removed by the first post that fails', async () => {
    const { socket, id } = await connected(bob);
    await age(bob, id);
    silent.add(id);
    const closed = socket.closed();
    socket.cut();
    await closed;
    await send('into the void');
    await test.run.settled();
    expect(await recordedConnections(tables, bob)).toEqual([]);
    expect(await missed(bob, 0)).toEqual(['into the void']);
  });

  it('does not keep its user from reconnecting', async () => {
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

describe('a client whose frames overtake each other', () => {
  it('has each message stored and answered once, in the order of arrival', async () => {
    const socket = await connect(test, alice);
    const [slow, quick] = [newMessage(slowText), newMessage('quick')];
    const [late, early] = await Promise.all([
      socket.request('message.send', slow),
      socket.request('message.send', quick),
    ]);
    expect(early).toMatchObject({ type: 'ack', data: { clientMessageId: quick.clientMessageId, seq: 1 } });
    expect(late).toMatchObject({ type: 'ack', data: { clientMessageId: slow.clientMessageId, seq: 2 } });
    expect(await history(bob)).toEqual(['quick', slowText]);
    expect((await socket.request('message.send', slow)).data.seq).toBe(2);
    expect((await socket.request('message.send', quick)).data.seq).toBe(1);
    await socket.close();
  });
});
