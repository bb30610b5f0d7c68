import { ulid } from 'ulid';
import { expect } from 'vitest';
import { pngFile } from '../../../shared/features/attachments/formats/image-builders.ts';
import { runOut } from '../attachments/stored-objects.ts';
import { announce, complete, get, readyAttachment, upload } from '../attachments/upload.ts';
import type { TestRun } from '../harness.ts';
import { connect, conversationOf, password } from '../people.ts';
import { type Frame, isOfPresence, RawSocket, signIn } from '../raw-client.ts';
import {
  audienceWithDead,
  changeConnections,
  deadConnection,
  newMessage,
  eventually,
  expectAnswer,
  halfDeadAudience,
  late,
  newSession,
  newUser,
  recordedConnections,
  type Walker,
} from './walker.ts';

import { walksOfMessaging } from './walks-of-messaging.ts';

/** Uses everything that a function does, and throws unless all of it happened. */
export type Walk = (walker: Walker) => Promise<void>;

export const walks: Readonly<Record<string, Walk>> = {
  ...walksOfMessaging,

  platform: async (walker) => {
    await expectAnswer(walker, 200, 'GET', '/healthz');
    await expectAnswer(walker, 200, 'GET', '/.well-known/jwks.json');
  },

  auth: async (walker) => {
    const username = `r${ulid().slice(-12).toLowerCase()}`;
    const email = `${username}@${walker.cast.slug}.test`;
    const secret = { password, passwordConfirm: password };
    const names = { firstName: 'New', lastName: 'User' };
    await expectAnswer(walker, 201, 'POST', '/api/v1/auth/register', undefined, {
      tenant: walker.cast.slug,
      email,
      username,
      ...names,
      ...secret,
    });
    const who = await signIn(walker.test.url, walker.cast.slug, email, password);
    await expectAnswer(walker, 200, 'POST', '/api/v1/auth/verify', undefined, { token: who.token });
    await expectAnswer(walker, 201, 'POST', '/api/v1/auth/ticket', who);
    await expectAnswer(walker, 200, 'POST', '/api/v1/auth/refresh', undefined, { refreshToken: who.refreshToken });
    const change = { currentPassword: password, newPassword: 'Lantern-Quay-31!' };
    const changed = await expectAnswer(walker, 200, 'POST', '/api/v1/auth/change-password', who, change);
    await expectAnswer(walker, 204, 'POST', '/api/v1/auth/logout', undefined, { refreshToken: changed.refreshToken });
    await expectAnswer(walker, 401, 'POST', '/api/v1/auth/refresh', undefined, { refreshToken: changed.refreshToken });
    await expectAnswer(walker, 202, 'POST', '/api/v1/auth/forgot-password', undefined, {
      tenant: walker.cast.slug,
      email,
    });
  },

  users: async (walker) => {
    const who = await newSession(walker);
    await expectAnswer(walker, 200, 'GET', '/api/v1/users/me', who);
    await expectAnswer(walker, 200, 'GET', '/api/v1/users?limit=2', who);
    const found = await expectAnswer(walker, 200, 'GET', '/api/v1/users?q=alice', who);
    expect(found.items).toHaveLength(1);
    const username = `n${ulid().slice(-12).toLowerCase()}`;
    await expectAnswer(walker, 200, 'PATCH', '/api/v1/users/me', who, { username });
  },

  admin: async (walker) => {
    const [approved, rejected] = await Promise.all([newUser(walker, false), newUser(walker, false)]);
    const act = (id: string, action: string) =>
      expectAnswer(walker, 200, 'POST', `/api/v1/admin/users/${id}/${action}`, walker.admin);
    await expectAnswer(walker, 200, 'GET', '/api/v1/admin/users?status=pending', walker.admin);
    await act(approved.id, 'approve');
    await act(approved.id, 'suspend');
    await act(approved.id, 'reactivate');
    await act(rejected.id, 'reject');
  },

  conversations: async (walker) => {
    const { from, to, live, id } = await halfDeadAudience(walker);
    await live.frame(
      (frame) => frame.type === 'conversation.created' && frame.conversationId === id,
      walker.patienceMs,
    );
    await expectAnswer(walker, 200, 'POST', '/api/v1/conversations', from, { kind: 'direct', userId: to.userId });
    await expectAnswer(walker, 200, 'GET', `/api/v1/conversations/${id}`, from);
    expect((await expectAnswer(walker, 200, 'GET', '/api/v1/conversations', from)).items).toHaveLength(1);
    await eventually(
      walker,
      'the dead connection was forgotten',
      async () => (await recordedConnections(walker, to)) === 1,
    );
    await live.close();
  },

  messages: async (walker) => {
    const { from, to, live, id } = await audienceWithDead(walker);
    const body = newMessage();
    const sent = await expectAnswer(walker, 201, 'POST', `/api/v1/conversations/${id}/messages`, from, body);
    await live.frame((frame) => frame.data?.clientMessageId === body.clientMessageId, walker.patienceMs);
    await expectAnswer(walker, 200, 'GET', `/api/v1/conversations/${id}/messages`, to);
    await expectAnswer(walker, 200, 'GET', `/api/v1/conversations/${id}/messages/${sent.seq}`, to);
    await eventually(
      walker,
      'the dead connection was forgotten',
      async () => (await recordedConnections(walker, to)) === 1,
    );
    await live.close();
  },

  attachments: async (walker) => {
    const [who, other] = await Promise.all([newSession(walker), newSession(walker)]);
    const id = await conversationOf(walker.test, who, other);
    const file = { name: 'dot.png', contentType: 'image/png', bytes: pngFile(2, 2) };
    const announced = await announce(walker.test, who, id, file, { clientAttachmentId: ulid() });
    expect(announced.status, announced.text).toBe(201);
    expect((await complete(walker.test, who, announced.body.id)).body.code).toBe('ATTACHMENT_NOT_UPLOADED');
    expect((await upload(announced.body.upload, file.bytes)).status).toBe(204);
    const completed = await complete(walker.test, who, announced.body.id);
    expect(completed.status, completed.text).toBe(200);
    for (const variant of ['original', 'thumbnail']) {
      const { body } = await get(walker.test, who, announced.body.id, variant);
      expect((await fetch(body.url)).status).toBe(200);
    }
  },

  'sweep-attachments': async (walker) => {
    const [who, other] = await Promise.all([newSession(walker), newSession(walker)]);
    const id = await readyAttachment(walker.test, who, await conversationOf(walker.test, who, other));
    await runOut(walker.test, walker.tables, who.tenantId, id);
    await eventually(walker, 'the file was forgotten', async () => {
      return (await walker.tables.get(`T#${who.tenantId}#A#${id}`, 'FILE')) === undefined;
    });
  },

  'socket-message': async (walker) => {
    const { from, to, live, id } = await audienceWithDead(walker);
    const socket = await connect(walker.test, from);
    expect((await socket.request('ping', {}, walker.patienceMs)).type).toBe('pong');
    const body = newMessage();
    expect((await socket.request('message.send', { conversationId: id, ...body }, walker.patienceMs)).type).toBe('ack');
    await live.frame((frame) => frame.data?.clientMessageId === body.clientMessageId, walker.patienceMs);
    await eventually(
      walker,
      'the dead connection was forgotten',
      async () => (await recordedConnections(walker, to)) === 1,
    );
    // A connection that is recorded no more is over.
    await walker.tables.put({ pk: `T#${from.tenantId}#U#${from.userId}`, sk: 'CONNECTIONS' });
    await walker.test.run.functions.recycle('switchboard-dev-socket-message');
    const closed = socket.closed();
    socket.socket.send(JSON.stringify({ action: 'ping', ref: 'last', data: {} }));
    await Promise.race([closed, late(walker, 'the socket of an ended session was closed')]);
    await live.close();
  },

  'authorize-http': async (walker) => {
    await expectAnswer(walker, 200, 'GET', '/api/v1/users/me', await newSession(walker));
  },

  'authorize-socket': async (walker) => {
    const who = await newSession(walker);
    await (await connect(walker.test, who)).close();
    const { ticket } = await expectAnswer(walker, 201, 'POST', '/api/v1/auth/ticket', who);
    await (await new RawSocket(`${walker.test.run.socketUrl}?ticket=${ticket}`).opened()).close();
  },

  'socket-connect': async (walker) => {
    const who = await newSession(walker);
    const expired = await connect(walker.test, who);
    expect(await recordedConnections(walker, who)).toBe(1);
    // Its access token has expired.
    await changeConnections(walker, who, { leaseUntil: Date.now() - 1 });
    const closed = expired.closed();
    const socket = await connect(walker.test, who);
    await Promise.race([closed, late(walker, 'the expired connection was closed')]);
    expect(await recordedConnections(walker, who)).toBe(1);
    await socket.close();
  },

  'socket-disconnect': async (walker) => {
    const who = await newSession(walker);
    await (await connect(walker.test, who)).close();
    await eventually(
      walker,
      'the connection was forgotten',
      async () => (await recordedConnections(walker, who)) === 0,
    );
  },

  'stream-projector': async (walker) => {
    const [from, to] = await Promise.all([newSession(walker), newSession(walker)]);
    const id = await conversationOf(walker.test, from, to);
    const tab = await connect(walker.test, from);
    await deadConnection(walker, from);
    const body = newMessage();
    await expectAnswer(walker, 201, 'POST', `/api/v1/conversations/${id}/messages`, from, body);
    await tab.frame((frame) => frame.data?.clientMessageId === body.clientMessageId, walker.patienceMs);
    await eventually(walker, 'the list shows the message', async () => {
      const list = await expectAnswer(walker, 200, 'GET', '/api/v1/conversations', to);
      return list.items[0]?.lastSeq === 1;
    });
    await eventually(
      walker,
      'the bus has the event',
      async () =>
        JSON.stringify(walker.test.run.recorder.sinks('event')).includes(`"conversationId":"${id}","seq":1`) ||
        JSON.stringify(walker.test.run.recorder.sinks('event')).includes(
          `\\"conversationId\\":\\"${id}\\",\\"seq\\":1`,
        ),
    );
    await eventually(
      walker,
      'the dead connection was forgotten',
      async () => (await recordedConnections(walker, from)) === 1,
    );
    const other = await connect(walker.test, to);
    await other.request('hello', {}, walker.patienceMs);
    const tellsOfOther = (frame: Frame) => isOfPresence(frame) && JSON.stringify(frame.data).includes(to.userId);
    await tab.frame(tellsOfOther, walker.patienceMs);
    await Promise.all([tab.close(), other.close()]);
  },

  'send-mail': async (walker) => {
    const { email } = await newUser(walker);
    await expectAnswer(walker, 202, 'POST', '/api/v1/auth/forgot-password', undefined, {
      tenant: walker.cast.slug,
      email,
    });
    const mails = () => walker.test.run.recorder.sinks('mail').filter((mail) => JSON.stringify(mail).includes(email));
    await eventually(walker, 'a mail was sent', async () => mails().length > 0);
    const token = /#token=([\w-]+)/.exec(JSON.stringify(mails()))?.[1];
    const reset = { token, newPassword: 'Lantern-Quay-31!' };
    await expectAnswer(walker, 204, 'POST', '/api/v1/auth/reset-password', undefined, reset);
  },

  'close-sockets': async (walker) => {
    const who = await newSession(walker);
    const socket = await connect(walker.test, who);
    const closed = socket.closed();
    await expectAnswer(walker, 204, 'POST', '/api/v1/auth/logout', undefined, { refreshToken: who.refreshToken });
    await Promise.race([closed, late(walker, 'the socket was closed')]);
    await eventually(
      walker,
      'the connection was forgotten',
      async () => (await recordedConnections(walker, who)) === 0,
    );
  },

  provision: async (walker) => {
    const slug = `t${ulid().slice(-12).toLowerCase()}`;
    const done = async (command: Parameters<TestRun['provision']>[0]) =>
      expect(await walker.test.provision(command)).toMatchObject({ ok: true });
    await done({ command: 'createTenant', slug, settings: {} });
    await done({ command: 'changeSettings', tenant: slug, settings: { textLength: 100 } });
    await done({ command: 'describe' });
    const names = { firstName: 'New', lastName: 'Admin', username: 'admin', email: `admin@${slug}.test` };
    await done({ command: 'createAdmin', tenant: slug, ...names, password, active: true });
    const [from, to] = await Promise.all([newSession(walker), newSession(walker)]);
    const conversationId = await conversationOf(walker.test, from, to);
    await expectAnswer(walker, 201, 'POST', `/api/v1/conversations/${conversationId}/messages`, from, newMessage());
    await walker.test.run.settled();
    const command = { command: 'verifyConversation', tenant: walker.cast.slug, conversationId } as const;
    expect(await walker.test.provision(command)).toMatchObject({ ok: true, verdict: { anchored: { seq: 1 } } });
  },
};
