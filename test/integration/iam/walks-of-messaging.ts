import { ulid } from 'ulid';
import { expect } from 'vitest';
import { keys } from '../../../shared/core/table/keys.ts';
import type { SignedIn } from '../raw-client.ts';
import { connect, conversationOf } from '../people.ts';
import {
  audienceWithDead,
  newMessage,
  eventually,
  expectAnswer,
  late,
  newSession,
  recordedConnections,
  type Walker,
} from './walker.ts';
import type { Walk } from './walks.ts';

/** Walks through the functions that change what conversations hold. */

async function untilForgotten(walker: Walker, who: SignedIn): Promise<void> {
  await eventually(
    walker,
    'the dead connection was forgotten',
    async () => (await recordedConnections(walker, who)) === 1,
  );
}

export const walksOfMessaging: Readonly<Record<string, Walk>> = {
  'message-changes': async (walker) => {
    const { from, to, live, id } = await audienceWithDead(walker);
    const path = `/api/v1/conversations/${id}/messages`;
    const { seq } = await expectAnswer(walker, 201, 'POST', path, from, newMessage());
    // The send may have met the dead connection already; the edit has to reach the live one.
    await expectAnswer(walker, 200, 'PATCH', `${path}/${seq}`, from, { text: 'edited', clientMessageId: ulid() });
    await live.frame((frame) => frame.type === 'message.updated', walker.patienceMs);
    const versions = await expectAnswer(walker, 200, 'GET', `${path}/${seq}/versions`, to);
    expect(versions.items).toHaveLength(2);
    const reaction = `${path}/${seq}/reactions/${encodeURIComponent('👍')}`;
    await expectAnswer(walker, 200, 'PUT', reaction, to);
    await expectAnswer(walker, 200, 'DELETE', reaction, to);
    await expectAnswer(walker, 200, 'DELETE', `${path}/${seq}`, from);
    await live.frame((frame) => frame.type === 'message.deleted', walker.patienceMs);
    await live.close();
  },

  receipts: async (walker) => {
    const { from, to, live, id } = await audienceWithDead(walker);
    const path = `/api/v1/conversations/${id}`;
    await expectAnswer(walker, 201, 'POST', `${path}/messages`, to, newMessage());
    await expectAnswer(walker, 200, 'POST', `${path}/receipts`, from, { readSeq: 1 });
    await live.frame((frame) => frame.type === 'receipt.updated', walker.patienceMs);
    await expectAnswer(walker, 204, 'POST', `${path}/typing`, from, { typing: true });
    await live.frame((frame) => frame.type === 'typing.started', walker.patienceMs);
    await expectAnswer(walker, 200, 'POST', `${path}/receipts`, from, { unreadFrom: 1 });
    const unread = await expectAnswer(walker, 200, 'GET', '/api/v1/conversations/unread-count', from);
    expect(unread).toMatchObject({ messages: 1 });
    await untilForgotten(walker, to);
    await live.close();
  },

  'socket-action': async (walker) => {
    const { from, to, live, id } = await audienceWithDead(walker);
    const path = `/api/v1/conversations/${id}/messages`;
    const { seq } = await expectAnswer(walker, 201, 'POST', path, from, newMessage());
    const socket = await connect(walker.test, from);
    const resume = { resume: { [id]: 0 } };
    expect((await socket.request('hello', resume, walker.patienceMs)).type).toBe('welcome');
    const edit = { conversationId: id, seq, text: 'edited' };
    expect((await socket.request('message.edit', edit, walker.patienceMs)).type).toBe('ack');
    await live.frame((frame) => frame.type === 'message.updated', walker.patienceMs);
    const read = { conversationId: id, readSeq: seq };
    expect((await live.request('receipt.update', read, walker.patienceMs)).type).toBe('ack');
    expect((await live.request('presence.update', { status: 'away' }, walker.patienceMs)).type).toBe('presence');
    await untilForgotten(walker, to);
    // A connection that is recorded no more is over.
    await walker.tables.put({ pk: `T#${from.tenantId}#U#${from.userId}`, sk: 'CONNECTIONS' });
    await walker.test.run.functions.recycle('switchboard-dev-socket-action');
    const closed = socket.closed();
    socket.socket.send(JSON.stringify({ action: 'hello', ref: 'last', data: {} }));
    await Promise.race([closed, late(walker, 'the socket of an ended session was closed')]);
    await live.close();
  },

  groups: async (walker) => {
    const [from, to, third] = await Promise.all([newSession(walker), newSession(walker), newSession(walker)]);
    const live = await connect(walker.test, to);
    const group = { kind: 'group', name: 'Walkers', participants: [{ userId: to.userId }] };
    const { id } = await expectAnswer(walker, 201, 'POST', '/api/v1/conversations', from, group);
    const path = `/api/v1/conversations/${id}`;
    await expectAnswer(walker, 200, 'PATCH', path, from, { name: 'Runners' });
    await live.frame((frame) => frame.type === 'conversation.updated', walker.patienceMs);
    const participants = `${path}/participants`;
    await expectAnswer(walker, 200, 'POST', participants, from, { participants: [{ userId: third.userId }] });
    await expectAnswer(walker, 200, 'PATCH', `${participants}/${to.userId}`, from, { role: 'admin' });
    await expectAnswer(walker, 204, 'DELETE', `${participants}/${third.userId}`, from);
    await live.close();
  },

  presence: async (walker) => {
    const { from, to, live, id } = await audienceWithDead(walker);
    await expectAnswer(walker, 201, 'POST', `/api/v1/conversations/${id}/messages`, from, newMessage());
    await live.request('hello', {}, walker.patienceMs);
    await expectAnswer(walker, 200, 'PUT', '/api/v1/users/me/presence', to, { status: 'away' });
    const seen = await expectAnswer(walker, 200, 'GET', `/api/v1/users/presence?ids=${to.userId}`, from);
    expect(seen).toEqual({ users: [{ userId: to.userId, status: 'away' }] });
    await live.close();
  },

  sync: async (walker) => {
    const { from, to, live, id } = await audienceWithDead(walker);
    const path = `/api/v1/conversations/${id}/messages`;
    const { seq } = await expectAnswer(walker, 201, 'POST', path, from, newMessage());
    await expectAnswer(walker, 200, 'PATCH', `${path}/${seq}`, from, { text: 'edited' });
    const page = await expectAnswer(walker, 200, 'GET', `/api/v1/sync?positions=${id}:1`, to);
    expect(page.events[0]).toMatchObject({ type: 'message.updated' });
    await live.close();
  },

  'index-messages': async (walker) => {
    const [from, to] = await Promise.all([newSession(walker), newSession(walker)]);
    const id = await conversationOf(walker.test, from, to);
    const { seq, createdAt } = await expectAnswer(
      walker,
      201,
      'POST',
      `/api/v1/conversations/${id}/messages`,
      from,
      newMessage(),
    );
    const { pk, sk } = keys.searchEntry(id, Date.parse(createdAt), seq);
    await eventually(
      walker,
      'the message was indexed',
      async () => (await walker.tables.get(`T#${from.tenantId}#${pk}`, sk)) !== undefined,
    );
  },

  'checkpoint-logs': async (walker) => {
    const [from, to] = await Promise.all([newSession(walker), newSession(walker)]);
    const conversationId = await conversationOf(walker.test, from, to);
    await expectAnswer(walker, 201, 'POST', `/api/v1/conversations/${conversationId}/messages`, from, newMessage());
    // Ends the batching window of five minutes. A failed batch is retried for longer than the test waits.
    const settled = walker.test.run.settled().catch(() => undefined);
    await eventually(walker, 'a checkpoint confirms the message', async () => {
      const command = { command: 'verifyConversation', tenant: walker.cast.slug, conversationId } as const;
      const verified = (await walker.test.provision(command)) as { readonly verdict?: { readonly anchored?: object } };
      return verified.verdict?.anchored !== undefined;
    });
    await settled;
  },

  search: async (walker) => {
    const [from, to] = await Promise.all([newSession(walker), newSession(walker)]);
    const id = await conversationOf(walker.test, from, to);
    const body = { ...newMessage(), text: 'needle' };
    await expectAnswer(walker, 201, 'POST', `/api/v1/conversations/${id}/messages`, from, body);
    for (const query of ['q=needle', `q=need&conversationId=${id}`]) {
      await eventually(walker, `the message is found by ${query}`, async () => {
        const { items } = await expectAnswer(walker, 200, 'GET', `/api/v1/search/messages?${query}`, to);
        return items.length === 1;
      });
    }
  },
};
