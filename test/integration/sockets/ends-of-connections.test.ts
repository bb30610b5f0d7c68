import { ulid } from 'ulid';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { keys } from '../../../shared/core/table/keys.ts';
import { tenantPrefix } from '../../../shared/core/tenancy/tenant-scope.ts';
import { connectionsPerUser } from '../../../shared/core/delivery/connections.ts';
import type { TestRun } from '../harness.ts';
import { sharedTestRun } from '../shared-run.ts';
import { connect, conversationOf } from '../people.ts';
import type { Frame } from '../raw-client.ts';
import { Tables } from '../system/tables.ts';
import type { Person } from '../system/world.ts';
import { arrived, ask, makeTenant, newcomer, recordedConnections } from './people-with-sockets.ts';

let test: TestRun;
let tables: Tables;
let alice: Person;

beforeAll(async () => {
  test = await sharedTestRun();
  tables = new Tables(test.run);
  await makeTenant(test);
  alice = await newcomer(test);
});

afterAll(() => test.stop());

function itemOf(who: Person) {
  const { pk, sk } = keys.userConnections(who.userId);
  return { pk: `${tenantPrefix}${who.tenantId}#${pk}`, sk };
}

interface Stored {
  readonly leaseUntil: number;
}

async function storedConnection(who: Person): Promise<readonly [string, Stored]> {
  const { pk, sk } = itemOf(who);
  const found = Object.entries((await tables.get(pk, sk)) ?? {}).find(([name]) => name.startsWith('c:'));
  return (found as [string, Stored] | undefined) ?? expect.unreachable();
}

async function send(conversation: string, text: string): Promise<void> {
  const body = { type: 'text', text, clientMessageId: ulid() };
  await ask(test, alice, 'POST', `/api/v1/conversations/${conversation}/messages`, body);
}

const isMessage = (frame: Frame) => frame.type === 'message.created';

describe('a connection', () => {
  it('ends with the access token that opened it', async () => {
    const who = await newcomer(test);
    const socket = await connect(test, who);
    const claims = JSON.parse(Buffer.from(who.token.split('.')[1] ?? '', 'base64url').toString()) as { exp: number };
    expect((await storedConnection(who))[1].leaseUntil).toBe(claims.exp * 1000);
    await socket.close();
  });

  it('receives nothing after its token has expired and is closed with the reason when the user reconnects', async () => {
    const who = await newcomer(test);
    const [conversation, socket] = await Promise.all([conversationOf(test, alice, who), connect(test, who)]);
    await send(conversation, 'before');
    await socket.frame(isMessage);
    const [name, stored] = await storedConnection(who);
    await tables.set(itemOf(who).pk, itemOf(who).sk, name, { ...stored, leaseUntil: Date.now() - 1 });

    await send(conversation, 'after');
    await test.run.settled();
    await arrived(socket);
    expect(socket.frames.filter(isMessage).map(({ data }) => data.text as string)).toEqual(['before']);

    const closed = socket.closed();
    const next = await connect(test, who);
    await closed;
    expect(socket.frames.at(-1)).toMatchObject({ type: 'error', problem: { code: 'SESSION_ENDED' } });
    await next.close();
  });

  it('is closed with a separate reason when the user has too many newer connections', async () => {
    const who = await newcomer(test);
    const conversation = await conversationOf(test, alice, who);
    const sockets = [];
    for (let count = 0; count < connectionsPerUser; count += 1) sockets.push(await connect(test, who));
    const [oldest, ...others] = sockets;
    const closed = oldest?.closed();
    const newest = await connect(test, who);
    await closed;
    const { problem } = oldest?.frames.at(-1) as unknown as { problem: { code: string; retryAfterMs: number } };
    expect(problem.code).toBe('TOO_MANY_CONNECTIONS');
    expect(problem.retryAfterMs).toBeGreaterThanOrEqual(60_000);
    expect(await recordedConnections(tables, who)).toHaveLength(connectionsPerUser);

    await send(conversation, 'to all that are left');
    await Promise.all([...others, newest].map((socket) => socket.frame(isMessage)));
    expect((await ask(test, who, 'GET', '/api/v1/users/me')).status).toBe(200);
    await Promise.all([...others, newest].map((socket) => socket.close()));
  });
});
