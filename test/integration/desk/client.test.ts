import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openAttachments } from '../../../shared/client/attachments.ts';
import { createChatClient, type ChatClient } from '../../../shared/client/chat-client.ts';
import { messagesIn } from '../../../shared/client/chat-state-rules.ts';
import { type Desk as DeskClient, openDesk } from '../../../shared/client/desk.ts';
import { memoryGuestKeys } from '../../../shared/client/guest-keys.ts';
import { guestSignIn } from '../../../shared/client/guest-sign-in.ts';
import { memoryOutbox } from '../../../shared/client/outbox-storage.ts';
import { RefusedError } from '../../../shared/client/refused-error.ts';
import { answerErrorsOf, keepSupportStart, openSupport } from '../../../shared/client/support.ts';
import type { TestRun } from '../harness.ts';
import { password } from '../people.ts';
import { sharedTestRun } from '../shared-run.ts';
import { createdTemplate, newForm } from '../templates/template-calls.ts';
import { type Desk, deskOf } from './desk-people.ts';

let test: TestRun;
let desk: Desk;
const open: (() => void)[] = [];

beforeAll(async () => {
  test = await sharedTestRun();
  desk = await deskOf(test, 'deskclient', { autoAssign: 'off' });
});
afterAll(async () => {
  for (const close of open) close();
  await test.stop();
});

async function agentClient(name: string): Promise<{ readonly client: ChatClient; readonly agent: DeskClient }> {
  await desk.agent(name);
  const login = { tenant: desk.slug, email: `${name}@deskclient.test`, password };
  const client = await createChatClient({ url: test.url, socketUrl: test.run.socketUrl, login });
  const agent = openDesk(client);
  open.push(() => {
    agent.stop();
    client.close();
  });
  await until(client, () => client.connection === 'connected');
  return { client, agent };
}

async function guestClient() {
  const outbox = memoryOutbox();
  const guest = guestSignIn({ tenant: desk.slug, keyStore: memoryGuestKeys() });
  const options = { url: test.url, socketUrl: test.run.socketUrl, guest, outbox };
  return { outbox, options };
}

/** Resolves once the condition holds after an event of the client. */
function until(client: Pick<ChatClient, 'on'>, holds: () => boolean): Promise<void> {
  return new Promise((resolve) => {
    const check = (): void => {
      if (holds()) resolve();
    };
    client.on('change', check);
    client.on('connection', check);
    check();
  });
}

describe('a guest with the client', () => {
  it('is heard although the message was written before there was a network, and sees how far the help is', async () => {
    const { client: aminas, agent } = await agentClient('amina');
    const waiting = await agent.openView({ view: 'unassigned' });
    const mine = await agent.openView({ view: 'mine' });
    const { outbox, options } = await guestClient();
    await keepSupportStart(outbox, { subject: 'I cannot log in', message: 'Help' });
    const guest = await createChatClient(options);
    open.push(() => guest.close());

    await until(aminas, () => waiting.items.length === 1);
    const id = waiting.items[0]?.id ?? '';
    await until(guest, () => guest.knownConversations().length === 1);
    await guest.open(id);
    const help = () => messagesIn(guest.state, id).find(({ text }) => text === 'Help');
    const state = () => {
      const message = help();
      return message === undefined ? undefined : openSupport(guest).helpState(id, message);
    };
    expect(state()).toBe('received');

    const timeline = await aminas.open(id);
    aminas.receipts.markRead(id, timeline.ranges[0]?.through ?? 0);
    await until(guest, () => state() === 'seen');
    await agent.assign(id, 'me');
    await until(guest, () => state() === 'here');
    await until(aminas, () => waiting.items.length === 0 && mine.items.length === 1);
    expect(guest.knownConversations()).toMatchObject([{ status: 'active', assigneeName: 'amina' }]);

    await agent.note(id, 'Her account was locked');
    await agent.reply(id, 'How can I help?').stored;
    await until(guest, () => messagesIn(guest.state, id).some(({ text }) => text === 'How can I help?'));
    expect(messagesIn(guest.state, id).filter(({ type }) => type === 'note')).toEqual([]);
    expect(await outbox.load()).toEqual([]);

    await openSupport(guest).wipe(id);
    await until(guest, () => guest.knownConversations()[0]?.wiped === true);
    expect(messagesIn(guest.state, id).flatMap(({ text }) => text ?? [])).toEqual([]);
  });
});

describe('the desk of an agent', () => {
  it('sends a form, which the guest answers through the outbox once the answers fit', async () => {
    const { client, agent } = await agentClient('edna');
    const { options } = await guestClient();
    const guest = await createChatClient(options);
    open.push(() => guest.close());
    const support = openSupport(guest);
    const { id } = await support.start({ message: 'It is slow' }).stored;
    await Promise.all([client.open(id), guest.open(id)]);
    const fields = [
      { id: 'host', type: 'text', label: 'Which host?', required: true },
      { id: 'level', type: 'dropdown', label: 'How severe?', options: ['Low', 'High'] },
    ];
    const templateId = await createdTemplate(test, desk.admin, newForm({ fields }));
    const { seq } = await agent.sendForm(id, templateId, { values: { customer: 'Sam' } });
    await until(guest, () => messagesIn(guest.state, id).some(({ form }) => form?.fields.length === 2));

    const wrong = support.answerForm(id, seq, { level: 'Middle' });
    const refusal = (await wrong.stored.catch((error: unknown) => error)) as RefusedError;
    expect([...answerErrorsOf(refusal.problem).keys()].toSorted()).toEqual(['host', 'level']);
    expect(guest.messages.pending(id)).toMatchObject([{ state: 'failed', task: { kind: 'answers' } }]);
    expect(guest.messages.discard(id, wrong.localId)).toBe(true);

    const answers = { host: 'web-3', level: 'High' };
    const { stored } = support.answerForm(id, seq, answers);
    expect(guest.messages.pending(id)).toMatchObject([{ task: { kind: 'answers', formSeq: seq, answers } }]);
    expect(await stored).toMatchObject({ type: 'form-response', answers, replyTo: seq });
    expect(guest.messages.pending(id)).toEqual([]);
    await until(client, () => messagesIn(client.state, id).some((message) => message.answers?.['host'] === 'web-3'));
  });

  it('keeps an alert until a person acknowledges', async () => {
    const { client, agent } = await agentClient('bela');
    const alerted = new Promise((resolve) => agent.on('urgent', resolve));
    const id = await desk.start(desk.customer, {
      message: { type: 'text', text: 'Fire', urgent: true, clientMessageId: openAttachments(client).newId() },
    });
    expect(await alerted).toMatchObject({ conversationId: id });
    await agent.acknowledge(id);
    await until(client, () => agent.alerts.length === 0);
  });

  it('refuses a reply to an outdated conversation until the agent confirms', async () => {
    const [{ agent: first, client: firstClient }, { agent: second, client: secondClient }] = [
      await agentClient('cora'),
      await agentClient('dora'),
    ];
    const id = await desk.start(desk.customer, { subject: 'Twice' });
    await firstClient.open(id);
    const { ranges } = await secondClient.open(id);
    const { stored, localId } = first.reply(id, 'I am first');
    await stored;
    const seenSeq = ranges[0]?.through ?? 1;
    const late = secondClient.messages.send(id, { type: 'text', text: 'I am late', seenSeq });
    const refusal = await late.stored.catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(RefusedError);
    expect((refusal as RefusedError).problem.code).toBe('NEWER_REPLY');
    expect(second.replyAnyway(id, localId)).toBeUndefined();
    expect(await second.replyAnyway(id, late.localId)?.stored).toMatchObject({ text: 'I am late' });
  });
});
