import { expect } from 'vitest';
import { passwordResetRequestedEvent } from '../../../shared/contract/events/events.ts';
import { keys } from '../../../shared/core/table/keys.ts';
import { leaseMs } from '../../../shared/core/delivery/presence-rules.ts';
import { mention } from '../notifications/mentioning.ts';
import { runOut } from '../attachments/stored-objects.ts';
import { readyAttachment } from '../attachments/upload.ts';
import { connect } from '../people.ts';
import type { RawSocket, SignedIn } from '../raw-client.ts';
import { newMessage } from '../system/new-message.ts';
import { ask, type CrashWorld } from './crash-world.ts';
import { closeAfterwards, soloQueue } from './desk-world.ts';
import { takeSession } from './fresh-sessions.ts';
import { eventually, patiently } from './persistence.ts';
import { openWithTicket } from './tickets.ts';
import { diedDevice, isSeen } from './presence-world.ts';
import type { NamedSweep } from './operation-sweeps.ts';
import type { CrashScript } from './sweep.ts';

async function sendAndSettle(world: CrashWorld): Promise<void> {
  const body = newMessage();
  const path = `/api/v1/conversations/${world.conversation}/messages`;
  const answer = await ask(world, world.alice, 'POST', path, body);
  expect(answer.status, answer.text).toBe(201);
  world.acknowledged.add(body.clientMessageId);
  await world.test.run.settled();
}

export const projectChanges: NamedSweep = {
  name: 'project a change',
  functions: ['stream-projector'],
  script: (world): CrashScript<undefined> => {
    return {
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
  },
};

interface OpenSession {
  readonly session: SignedIn;
  readonly socket: RawSocket;
}

export const closeSockets: NamedSweep = {
  name: 'close the sockets of a session',
  functions: ['close-sockets'],
  script: (world): CrashScript<OpenSession> => {
    const connectionsOf = async (userId: string) => {
      const { pk, sk } = keys.userConnections(userId);
      return Object.keys((await world.tables.get(world.prefix + pk, sk)) ?? {}).filter((name) => name.startsWith('c:'));
    };
    return {
      prepare: async () => {
        const session = await takeSession(world);
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
        await eventually('the connection is removed', async () => (await connectionsOf(session.userId)).length === 0);
        await world.test.run.settled();
      },
    };
  },
};

export const sendMail: NamedSweep = {
  name: 'mail a link',
  functions: ['send-mail'],
  script: (world): CrashScript<number> => {
    const mails = () => world.test.run.recorder.sinks('mail');
    const requested = () =>
      world.test.run.recorder
        .sinks('event')
        .map((event) => event['detail'] as { readonly id: string; readonly type: string })
        .filter(({ type }) => type === passwordResetRequestedEvent.type);
    return {
      prepare: async () => {
        await world.test.run.settled();
        return mails().length;
      },
      attempt: async () => {
        const body = { tenant: world.slug, email: world.target.email };
        const before = requested().length;
        const answer = await patiently(world, () =>
          ask(world, undefined, 'POST', '/api/v1/auth/forgot-password', body),
        );
        expect(answer.status, answer.text).toBe(202);
        await world.test.run.settled();
        const { pk, sk } = keys.handledEvent('send-mail', requested()[before]?.id ?? '');
        const isHandled = async () => (await world.tables.get(world.prefix + pk, sk)) !== undefined;
        await eventually('the event is handled', isHandled);
      },
      check: async (before) => {
        // A function that dies before recording the sent link sends it again.
        const links = mails()
          .slice(before)
          .map((mail) => /token=([\w-]+)/.exec(String(mail['text']))?.[1]);
        expect(links.length).toBeGreaterThan(0);
        expect(new Set(links).size).toBe(1);
      },
    };
  },
};

export const indexMessage: NamedSweep = {
  name: 'index a message',
  functions: ['index-messages'],
  script: (world): CrashScript<number> => {
    const path = `/api/v1/conversations/${world.conversation}/messages`;
    const found = async (word: string) => {
      const query = new URLSearchParams({ q: word, conversationId: world.conversation, limit: '100' });
      const answer = await ask(world, world.bob, 'GET', `/api/v1/search/messages?${query.toString()}`);
      expect(answer.status, answer.text).toBe(200);
      return (answer.body.items as { readonly seq: number }[]).map(({ seq }) => seq);
    };
    return {
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
        expect((await found('lighthouse')).filter((hit) => hit === seq)).toEqual([seq]);
        expect(await found('quicksand')).not.toContain(seq);
      },
    };
  },
};

export const notifyOfMention: NamedSweep = {
  name: 'notify of a mention',
  functions: ['notify'],
  script: (world): CrashScript<{ readonly ids: string[] }> => {
    const list = async () => {
      const answer = await ask(world, world.bob, 'GET', '/api/v1/notifications?limit=100&kind=mention');
      expect(answer.status, answer.text).toBe(200);
      return (answer.body.items as { readonly id: string }[]).map(({ id }) => id);
    };
    return {
      prepare: async () => {
        await world.test.run.settled();
        return { ids: [] };
      },
      attempt: async ({ ids }) => {
        const { id, clientMessageId } = await mention(world.test, world.alice, world.bob, world.conversation);
        world.acknowledged.add(clientMessageId);
        ids.push(id);
        await world.test.run.settled();
        await world.bobSocket.frame(
          (frame) => frame.type === 'notification.created' && frame.data.notification.id === id,
        );
      },
      check: async ({ ids }) => {
        expect((await list()).filter((id) => ids.includes(id))).toEqual(ids);
      },
    };
  },
};

/** A second checkpoint is harmless. Only the newest one counts. */
export const signCheckpoint: NamedSweep = {
  name: 'sign a checkpoint',
  functions: ['checkpoint-logs'],
  script: (world): CrashScript<undefined> => {
    return {
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
        expect(verified).toMatchObject({
          ok: true,
          verdict: { entries: seq, anchored: { seq }, forgedCheckpoints: 0 },
        });
        expect(verified).not.toHaveProperty('verdict.tampering');
      },
    };
  },
};

/** The projector announces the end of a dead device once the table removes its lease. */
export const endSilently: NamedSweep = {
  name: 'announce a silent disconnect',
  functions: ['stream-projector'],
  script: (world): CrashScript<{ readonly watched: number; readonly offline: object }> => {
    const { presence, tables, test } = world;
    const { alice, carol, watcher } = presence;
    const lastSign = Date.now() - leaseMs - 120_000;
    return {
      prepare: async () => {
        await test.run.aws.sweepExpired();
        const offline = await diedDevice(tables, carol, { lastSign, expires: true });
        await test.run.settled();
        return { watched: watcher.frames.length, offline };
      },
      attempt: async () => {
        await test.run.aws.sweepExpired();
        await test.run.settled();
      },
      check: async ({ watched, offline }) => {
        await isSeen(presence, carol, 'offline', watched);
        const answer = await ask(world, alice, 'GET', `/api/v1/users/presence?ids=${carol.userId}`);
        expect(answer, answer.text).toMatchObject({ status: 200, body: { users: [offline] } });
      },
    };
  },
};

export const sweepFile: NamedSweep = {
  name: 'sweep a file',
  functions: ['sweep-attachments'],
  script: (world): CrashScript<{ readonly id: string }> => {
    const { test, tables, objects, alice, conversation, prefix } = world;
    return {
      prepare: async () => ({ id: await readyAttachment(test, alice, conversation) }),
      attempt: async ({ id }) => {
        await runOut(test, tables, alice.tenantId, id);
        const { pk, sk } = keys.attachment(id);
        await eventually('the file is deleted', async () => (await tables.get(prefix + pk, sk)) === undefined);
      },
      check: async ({ id }) => {
        expect(await objects.keysWith(id)).toEqual([]);
      },
    };
  },
};

/** `$connect` is a WebSocket route, not an operation of the contract. */
export const connectWithTicket: NamedSweep = {
  name: 'connect',
  functions: ['authorize-socket', 'socket-connect'],
  script: (world): CrashScript<undefined> => {
    return {
      prepare: async () => undefined,
      attempt: async () => {
        const socket = await openWithTicket(world);
        expect(await socket.request('ping', {})).toMatchObject({ type: 'pong' });
        await socket.close();
      },
    };
  },
};

/** Only the timer of the agent whose capacity became free assigns the next conversation. */
export const wakeAgent: NamedSweep = {
  name: 'give a free agent the next conversation',
  functions: ['run-timers'],
  script: (world): CrashScript<readonly [string, string]> => ({
    prepare: () => soloQueue(world),
    attempt: async ([first, second]) => {
      const closed = await ask(world, world.admin, 'POST', `/api/v1/conversations/${first}/close`);
      expect(closed.status, closed.text).toBe(200);
      await world.test.run.settled();
      const { body } = await ask(world, world.admin, 'GET', `/api/v1/conversations/${second}`);
      expect(body).toMatchObject({ status: 'active', assigneeId: world.desk.solo.userId });
    },
    check: ([, second]) => closeAfterwards(world, second, ['opened', 'assigned']),
  }),
};
