import { expect } from 'vitest';
import { passwordResetRequestedEvent } from '../../../shared/contract/events/events.ts';
import { keys } from '../../../shared/core/table/keys.ts';
import { connect } from '../people.ts';
import type { RawSocket, SignedIn } from '../raw-client.ts';
import { ask, type CrashWorld, newMessage } from './crash-world.ts';
import { patiently, taken } from './identity-operations.ts';
import { eventually } from './persistence.ts';
import type { CrashOperation } from './sweep.ts';

/** What functions do by themselves after a change: the platform repeats it, not a client. */

async function sendAndSettle(world: CrashWorld): Promise<void> {
  const body = newMessage();
  const path = `/api/v1/conversations/${world.conversation}/messages`;
  const answer = await ask(world, world.alice, 'POST', path, body);
  expect(answer.status, answer.text).toBe(201);
  world.acknowledged.add(body.clientMessageId);
  await world.test.run.settled();
}

export function projectChanges(world: CrashWorld): CrashOperation<undefined> {
  return {
    name: 'project a change',
    functions: ['stream-projector'],
    prepare: async () => {
      await world.test.run.settled();
      return undefined;
    },
    attempt: () => sendAndSettle(world),
    check: async () => {
      const { pk, sk } = keys.conversationSummary(world.conversation);
      const summary = await world.tables.get(world.prefix + pk, sk);
      const newest = await ask(world, world.alice, 'GET', `/api/v1/conversations/${world.conversation}`);
      expect(summary?.['lastSeq']).toBe(newest.body.lastSeq);
    },
  };
}

interface OpenSession {
  readonly session: SignedIn;
  readonly socket: RawSocket;
}

/** @param sessions are used up, one at a time. */
export function closeSockets(world: CrashWorld, sessions: SignedIn[]): CrashOperation<OpenSession> {
  const connectionsOf = async (userId: string) => {
    const { pk, sk } = keys.userConnections(userId);
    return Object.keys((await world.tables.get(world.prefix + pk, sk)) ?? {}).filter((name) => name.startsWith('c:'));
  };
  return {
    name: 'close the sockets of a session',
    functions: ['close-sockets'],
    prepare: async () => {
      const session = await taken(world, sessions);
      const socket = await connect(world.test, session);
      await world.test.run.settled();
      return { session, socket };
    },
    attempt: async ({ session, socket }) => {
      const { refreshToken } = session;
      const closed = socket.closed();
      const answer = await ask(world, undefined, 'POST', '/api/v1/auth/logout', { refreshToken });
      expect(answer.status, answer.text).toBe(204);
      await closed;
      await eventually('the connection is forgotten', async () => (await connectionsOf(session.userId)).length === 0);
      await world.test.run.settled();
    },
  };
}

export function sendMail(world: CrashWorld): CrashOperation<number> {
  const mails = () => world.test.run.recorder.sinks('mail');
  const requested = () =>
    world.test.run.recorder
      .sinks('event')
      .map((event) => event['detail'] as { readonly id: string; readonly type: string })
      .filter(({ type }) => type === passwordResetRequestedEvent.type);
  return {
    name: 'mail a link',
    functions: ['send-mail'],
    prepare: async () => {
      await world.test.run.settled();
      return mails().length;
    },
    attempt: async () => {
      const body = { tenant: world.slug, email: world.target.email };
      const before = requested().length;
      const answer = await patiently(world, () => ask(world, undefined, 'POST', '/api/v1/auth/forgot-password', body));
      expect(answer.status, answer.text).toBe(202);
      await world.test.run.settled();
      const { pk, sk } = keys.handledEvent('send-mail', requested()[before]?.id ?? '');
      const isHandled = async () => (await world.tables.get(world.prefix + pk, sk)) !== undefined;
      await eventually('the event is handled', isHandled);
    },
    check: async (before) => {
      // A function that dies between sending and remembering sends the same link once more.
      const links = mails()
        .slice(before)
        .map((mail) => /token=([\w-]+)/.exec(String(mail['text']))?.[1]);
      expect(links.length).toBeGreaterThan(0);
      expect(new Set(links).size).toBe(1);
    },
  };
}

/** A message that is edited, so that what is indexed replaces what is there. */
export function indexMessage(world: CrashWorld): CrashOperation<number> {
  const path = `/api/v1/conversations/${world.conversation}/messages`;
  const found = async (word: string) => {
    const query = new URLSearchParams({ q: word, conversationId: world.conversation, limit: '100' });
    const answer = await ask(world, world.bob, 'GET', `/api/v1/search/messages?${query.toString()}`);
    expect(answer.status, answer.text).toBe(200);
    return (answer.body.items as { readonly seq: number }[]).map(({ seq }) => seq);
  };
  return {
    name: 'index a message',
    functions: ['index-messages'],
    prepare: async () => {
      const body = { ...newMessage(), text: 'quicksand' };
      const answer = await ask(world, world.alice, 'POST', path, body);
      expect(answer.status, answer.text).toBe(201);
      world.acknowledged.add(body.clientMessageId);
      await world.test.run.settled();
      return answer.body.seq as number;
    },
    attempt: async (seq) => {
      const answer = await ask(world, world.alice, 'PATCH', `${path}/${seq}`, { text: 'lighthouse' });
      expect(answer.status, answer.text).toBe(200);
      await world.test.run.settled();
      await eventually('the edit is found', async () => (await found('light')).includes(seq));
    },
    check: async (seq) => {
      expect((await found('lighthouse')).filter((one) => one === seq)).toEqual([seq]);
      expect(await found('quicksand')).not.toContain(seq);
    },
  };
}

/** An equal second checkpoint is harmless, so only the newest one counts. */
export function signCheckpoint(world: CrashWorld): CrashOperation<undefined> {
  return {
    name: 'sign a checkpoint',
    functions: ['checkpoint-logs'],
    prepare: async () => {
      await world.test.run.settled();
      return undefined;
    },
    attempt: () => sendAndSettle(world),
    check: async () => {
      const newest = await ask(world, world.alice, 'GET', `/api/v1/conversations/${world.conversation}`);
      const seq = newest.body.lastSeq as number;
      const verified = await world.test.provision({
        command: 'verifyConversation',
        tenant: world.slug,
        conversationId: world.conversation,
      });
      expect(verified).toMatchObject({ ok: true, verdict: { entries: seq, anchored: { seq }, forgedCheckpoints: 0 } });
      expect(verified).not.toHaveProperty('verdict.tampering');
    },
  };
}
