import { ulid } from 'ulid';
import { expect } from 'vitest';
import type { PendingTimer } from '../../../local/contract.ts';
import { keys } from '../../../shared/core/table/keys.ts';
import { frameCards, operationCards } from '../../operations/kit/cards.ts';
import { runOut, StoredObjects } from '../attachments/stored-objects.ts';
import { readyAttachment } from '../attachments/upload.ts';
import { guestOfWalk } from '../guests/guest-provocations.ts';
import { startSupport } from '../desk/desk-calls.ts';
import { deskOfWalk, movesToTeam, reopensByFrame, reopensByMessage } from '../desk/walked-desk.ts';
import { mailWalks } from '../mail/mail-walks.ts';
import { processesIncident } from '../incidents/walked-incident.ts';
import { mention } from '../notifications/mentioning.ts';
import { changesTicketBothWays } from '../integrations/walked-ticket.ts';
import { connect, conversationOf } from '../people.ts';
import { type Frame, isOfPresence, RawSocket } from '../raw-client.ts';
import { receivesPushes, withdrawsPush } from '../push/walked-phone.ts';
import { newMessage } from '../system/new-message.ts';
import { functionAnswering, functionPrefix, functionServing } from '../system/operations.ts';
import { deliversWebhook, pausesAndEndsWebhooks, returnsEarlyWakeUps } from './lane-walks.ts';
import { provisionWalk } from './provision-walk.ts';
import { type OperationWalk, WalkScene } from './walk-scene.ts';
import { changeConnections, deadConnection, newSession, recordedConnections, type Walker } from './walker.ts';

/** Throws unless every effect occurs. */
export type Walk = (walker: Walker) => Promise<void>;

const forgetsDeadConnection: OperationWalk = async (scene) => {
  const { to } = await scene.audience();
  await scene.eventually(
    'the dead connection is removed',
    async () => (await recordedConnections(scene.walker, to)) === 1,
  );
};

function closesUnrecorded(functionName: string, action: string): OperationWalk {
  return async (scene) => {
    const { walker } = scene;
    const [{ from }, socket] = await Promise.all([scene.audience(), scene.socket()]);
    await walker.tables.put({ pk: `T#${from.tenantId}#U#${from.userId}`, sk: 'CONNECTIONS' });
    await walker.test.run.functions.recycle(functionPrefix + functionName);
    const closed = scene.closed(socket, 'the socket of an ended session is closed');
    socket.socket.send(JSON.stringify({ action, ref: 'last', data: {} }));
    await closed;
  };
}

async function setsTimer(scene: WalkScene, inMs: number, kind: PendingTimer['kind']): Promise<void> {
  const tenantId = ulid();
  await scene.walker.tables.put({ pk: `T#${tenantId}#WALK#1`, sk: 'ITEM', wakeAt: Date.now() + inMs });
  await scene.eventually(`the timer waits as a ${kind}`, () => isPending(scene, tenantId, kind));
}

async function isPending({ walker }: WalkScene, tenantId: string, kind: PendingTimer['kind']): Promise<boolean> {
  return walker.test.run.timers.pending().some((timer) => timer.kind === kind && timer.body.includes(tenantId));
}

const furtherWalks: Readonly<Record<string, readonly OperationWalk[]>> = {
  groups: [movesToTeam],
  messages: [forgetsDeadConnection, reopensByMessage],
  receipts: [forgetsDeadConnection, withdrawsPush],
  'socket-message': [forgetsDeadConnection, closesUnrecorded('socket-message', 'ping'), reopensByFrame],
  'socket-action': [forgetsDeadConnection, closesUnrecorded('socket-action', 'hello')],

  'sweep-attachments': [
    async (scene) => {
      const { walker } = scene;
      const [who, other] = await Promise.all([newSession(walker), newSession(walker)]);
      const id = await readyAttachment(walker.test, who, await conversationOf(walker.test, who, other));
      await runOut(walker.test, walker.tables, who.tenantId, id);
      const { pk, sk } = keys.attachment(id);
      await scene.eventually('the file is deleted', async () => {
        return (await walker.tables.get(`T#${who.tenantId}#${pk}`, sk)) === undefined;
      });
    },
  ],

  'authorize-http': [
    async (scene) => {
      await scene.answer(200, 'GET', '/api/v1/users/me', await scene.session());
    },
  ],

  'authorize-socket': [
    async (scene) => {
      const { test } = scene.walker;
      const who = await scene.session();
      await (await connect(test, who)).close();
      const { ticket } = await scene.answer(201, 'POST', '/api/v1/auth/ticket', who);
      await (await new RawSocket(`${test.run.socketUrl}?ticket=${ticket}`).opened()).close();
    },
  ],

  'socket-connect': [
    async (scene) => {
      const { walker } = scene;
      const who = await scene.session();
      const expired = await scene.connect(who);
      expect(await recordedConnections(walker, who)).toBe(1);
      await changeConnections(walker, who, { leaseUntil: Date.now() - 1 });
      const closed = scene.closed(expired, 'the expired connection is closed');
      await scene.connect(who);
      await closed;
      expect(await recordedConnections(walker, who)).toBe(1);
    },
  ],

  'socket-disconnect': [
    async (scene) => {
      const who = await scene.session();
      await (await connect(scene.walker.test, who)).close();
      await scene.eventually(
        'the connection is removed',
        async () => (await recordedConnections(scene.walker, who)) === 0,
      );
    },
  ],

  'stream-projector': [
    async (scene) => {
      const { walker } = scene;
      const [from, to] = await Promise.all([newSession(walker), newSession(walker)]);
      const id = await conversationOf(walker.test, from, to);
      const tab = await scene.connect(from);
      await deadConnection(walker, from);
      const body = newMessage();
      await scene.answer(201, 'POST', `/api/v1/conversations/${id}/messages`, from, body);
      await tab.frame((frame) => frame.data?.clientMessageId === body.clientMessageId, walker.patienceMs);
      await scene.eventually('the list shows the message', async () => {
        const list = await scene.answer(200, 'GET', '/api/v1/conversations', to);
        return list.items[0]?.lastSeq === 1;
      });
      await scene.eventually('the bus has the event', async () => {
        const events = JSON.stringify(walker.test.run.recorder.sinks('event'));
        const ids = `"conversationId":"${id}","seq":1`;
        return events.includes(ids) || events.includes(ids.replaceAll('"', '\\"'));
      });
      await scene.eventually(
        'the dead connection is removed',
        async () => (await recordedConnections(walker, from)) === 1,
      );
      const other = await scene.connect(to);
      await scene.request(other, 'hello', {});
      const isOfOther = (frame: Frame) => isOfPresence(frame) && JSON.stringify(frame.data).includes(to.userId);
      await tab.frame(isOfOther, walker.patienceMs);
    },
    async (scene) => {
      await setsTimer(scene, 15 * 60_000 - 1000, 'message');
      await setsTimer(scene, 24 * 3_600_000, 'schedule');
    },
  ],

  // Sends an early wake-up again.
  'run-timers': [
    async (scene) => {
      const { run } = scene.walker.test;
      const tenantId = ulid();
      const wakeUp = { tenantId, pk: 'WALK#1', sk: 'ITEM', wakeAt: Date.now() + 10 * 60_000 };
      const queue = run.assembly.ofType('AWS::SQS::Queue').find(({ physicalId }) => physicalId.endsWith('-run-timers'));
      await run.aws.call('sqs', 'SendMessage', { QueueUrl: queue?.physicalId, MessageBody: JSON.stringify(wakeUp) });
      await scene.eventually('the wake-up waits for the rest of its delay', () =>
        isPending(scene, tenantId, 'message'),
      );
    },
    async (scene) => {
      const { admin } = scene.walker;
      const { agent, customer, start } = await deskOfWalk(scene);
      await scene.answer(200, 'PATCH', `/api/v1/agents/${agent.userId}`, admin, { maxConcurrent: 1 });
      const [first, second] = [await start(), await start()];
      const live = await scene.connect(customer);
      await deadConnection(scene.walker, customer);
      await scene.answer(200, 'POST', `/api/v1/conversations/${first}/close`, agent);
      const isAssigned = ({ type, conversationId }: Frame) =>
        type === 'conversation.assigned' && conversationId === second;
      await live.frame(isAssigned, scene.walker.patienceMs);
      await scene.eventually('the dead connection is removed', async () => {
        return (await recordedConnections(scene.walker, customer)) === 1;
      });
      await scene.answer(200, 'POST', `/api/v1/conversations/${second}/close`, agent);
      await live.close();
    },
  ],

  ...mailWalks,

  'deliver-webhooks': [deliversWebhook],

  'run-lanes': [deliversWebhook, pausesAndEndsWebhooks, returnsEarlyWakeUps],

  'close-sockets': [
    async (scene) => {
      const who = await scene.session();
      const closed = scene.closed(await scene.connect(who), 'the socket is closed');
      await scene.answer(204, 'POST', '/api/v1/auth/logout', undefined, { refreshToken: who.refreshToken });
      await closed;
      await scene.eventually(
        'the connection is removed',
        async () => (await recordedConnections(scene.walker, who)) === 0,
      );
    },
  ],

  'index-messages': [
    async (scene) => {
      const { from, id } = await scene.audience();
      const { seq, sent } = await scene.message();
      const { pk, sk } = keys.searchEntry(id, Date.parse(sent.createdAt), seq);
      await scene.eventually(
        'the message is indexed',
        async () => (await scene.walker.tables.get(`T#${from.tenantId}#${pk}`, sk)) !== undefined,
      );
    },
  ],

  notify: [
    async (scene) => {
      const { agent, start } = await deskOfWalk(scene);
      const live = await scene.connect(agent);
      const id = await start();
      const isOfDesk = ({ type, data }: Frame) =>
        type === 'notification.created' && data.notification.conversationId === id;
      await live.frame(isOfDesk, scene.walker.patienceMs);
      await scene.answer(200, 'POST', `/api/v1/conversations/${id}/close`, agent);
      await live.close();
    },
    async (scene) => {
      const { from, to, id } = await scene.audience();
      const mentioned = await mention(scene.walker.test, from, to, id);
      await scene.received(
        (frame) => frame.type === 'notification.created' && frame.data.notification.id === mentioned.id,
      );
      await forgetsDeadConnection(scene);
    },
  ],

  'erase-conversation': [
    async (scene) => {
      const { walker } = scene;
      const guest = await guestOfWalk(scene);
      const id = await startSupport(walker.test, guest, { message: newMessage() });
      const file = await readyAttachment(walker.test, guest, id);
      const { pk, sk } = keys.guestProfile(guest.userId);
      const keyOfProfile = async () => (await walker.tables.get(`T#${guest.tenantId}#${pk}`, sk))?.['keyId'];
      const key = await keyOfProfile();
      await scene.answer(204, 'POST', `/api/v1/conversations/${id}/wipe`, guest);
      const objects = new StoredObjects(walker.test);
      await scene.eventually('the file is deleted', async () => (await objects.keysWith(file)).length === 0);
      await scene.eventually('the profile has another key', async () => (await keyOfProfile()) !== key);
    },
  ],

  'update-tickets': [changesTicketBothWays],
  'process-incident': [processesIncident],

  'send-pushes': [receivesPushes],

  'checkpoint-logs': [
    async (scene) => {
      const { walker } = scene;
      const { id: conversationId } = await scene.audience();
      await scene.message();
      // Ends the batching window of five minutes. A failed batch is retried for longer.
      const settled = walker.test.run.settled().catch(() => undefined);
      await scene.eventually('a checkpoint confirms the message', async () => {
        const command = { command: 'verifyConversation', tenant: walker.cast.slug, conversationId } as const;
        const verified = (await walker.test.provision(command)) as {
          readonly verdict?: { readonly anchored?: object };
        };
        return verified.verdict?.anchored !== undefined;
      });
      await settled;
    },
  ],

  provision: [provisionWalk],
};

const stepsByFunction = Map.groupBy(
  [
    ...operationCards.map(({ route, walk }) => ({ functionName: functionServing(route), walk })),
    ...frameCards.map(({ action, walk }) => ({ functionName: functionAnswering(action), walk })),
    ...Object.entries(furtherWalks).flatMap(([functionName, steps]) => steps.map((walk) => ({ functionName, walk }))),
  ],
  ({ functionName }) => functionName,
);

/** Operations come in the order of the registry. */
export const walks: Readonly<Record<string, Walk>> = Object.fromEntries(
  [...stepsByFunction].map(([functionName, steps]) => [
    functionName,
    async (walker) => {
      const scene = new WalkScene(walker);
      try {
        for (const { walk } of steps) await walk(scene);
      } finally {
        await scene.end();
      }
    },
  ]),
);
