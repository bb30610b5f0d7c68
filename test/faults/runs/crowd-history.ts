import { listMessageVersions } from '../../../shared/contract/messages/list-message-versions.ts';
import { listMessages } from '../../../shared/contract/messages/list-messages.ts';
import type { Message } from '../../../shared/contract/schemas/message.ts';
import type { MessagesPage } from '../../../shared/features/messages/list-messages.ts';
import type { TestRun } from '../../integration/harness.ts';
import { connect } from '../../integration/people.ts';
import { type Frame, signIn } from '../../integration/raw-client.ts';
import { password } from '../../integration/system/world.ts';
import type { ConversationHistory, LoggedChange, LoggedEntry, SeenMessage, SentMessage } from '../history/history.ts';
import type { CrowdMember } from './crowd.ts';
import type { Device } from './device.ts';
import { seenOf } from './seen.ts';

export interface CrowdConversation {
  readonly id: string;
  readonly devices: readonly Device[];
}

export async function resumedEvents(
  test: TestRun,
  slug: string,
  person: CrowdMember,
  ids: readonly string[],
): Promise<ReadonlyMap<string, readonly Frame[]>> {
  // At full size, the first tokens have expired.
  const { email } = person;
  const socket = await connect(test, await signIn(test.url, slug, email, password));
  await socket.request('hello', { resume: Object.fromEntries(ids.map((id) => [id, 0])) });
  await socket.frame((frame) => frame.type === 'sync.page' && frame.data.complete, 60_000);
  await socket.close();
  const events: Frame[] = socket.frames.filter(({ type }) => type === 'sync.page').flatMap((page) => page.data.events);
  const lasting = events.filter(({ seq }) => seq !== undefined);
  return new Map(ids.map((id) => [id, lasting.filter(({ conversationId }) => conversationId === id)]));
}

/** Leaves out system messages. */
export function messagesIn(events: readonly Frame[]): readonly SeenMessage[] {
  return events.flatMap(({ type, data }) => (type === 'message.created' ? [seenOf(data as Message)] : []));
}

async function pageAfter(device: Device, conversationId: string, after: number): Promise<MessagesPage> {
  const answer = await device.call(listMessages, { params: { conversationId }, query: { after, limit: 100 } });
  if (!answer.ok) throw new Error('The history cannot be read');
  return answer.body;
}

export async function pagesOf(device: Device, conversationId: string): Promise<readonly SeenMessage[]> {
  const messages: Message[] = [];
  for (let next: string | null = '0'; next !== null;) {
    const page: MessagesPage = await pageAfter(device, conversationId, Number(next));
    messages.push(...page.items);
    next = page.nextCursor;
  }
  return messages.filter(({ type }) => type !== 'system').map(seenOf);
}

/** Reads messages from pages, other entries from a complete catch-up, and original texts from versions. */
export async function historyOf(
  { id, devices }: CrowdConversation,
  messages: readonly SeenMessage[],
  events: readonly Frame[],
): Promise<ConversationHistory> {
  const [reader] = devices;
  if (reader === undefined) throw new Error('The conversation has no devices');
  const sent = (await Promise.all(devices.map((device) => device.sent(id)))).flat();
  const changes = (await Promise.all(devices.map((device) => device.changes.asked(id)))).flat();
  const texts = new Map<number, string>();
  for (const { shown } of messages) {
    const { seq, editedAt } = JSON.parse(shown) as Message;
    if (editedAt === undefined) continue;
    const answer = await reader.call(listMessageVersions, { params: { conversationId: id, seq } });
    if (!answer.ok) throw new Error('The versions cannot be read');
    for (const version of answer.body.items) texts.set(version.seq, version.text ?? '');
  }
  return {
    conversationId: id,
    ...{ sent, changes },
    log: logOf(messages, events, texts, sent),
    received: devices.map((device) => ({
      ...{ observer: device.name, way: 'live', after: 0, messages: device.received(id), held: device.held(id) },
    })),
  };
}

function logOf(
  messages: readonly SeenMessage[],
  events: readonly Frame[],
  texts: ReadonlyMap<number, string>,
  sent: readonly SentMessage[],
): readonly LoggedEntry[] {
  const bySeq = new Map(messages.map((message) => [message.seq, message]));
  const originals = new Map(
    sent.map(({ senderId, clientMessageId, text }) => [`${senderId}/${clientMessageId}`, text]),
  );
  return events.map((event) => {
    const seq = event.seq as number;
    const message = bySeq.get(seq);
    const original = message && originals.get(`${message.senderId}/${message.clientMessageId}`);
    return { seq, message, original, change: changeOf(event, texts.get(seq)) };
  });
}

function changeOf({ type, at, data }: Frame, text: string | undefined): LoggedChange | undefined {
  switch (type) {
    case 'message.updated':
      return { kind: 'edit', senderId: data.senderId, target: data.seq, at, text };
    case 'message.deleted':
      return { kind: 'deletion', senderId: data.senderId, target: data.seq, at };
    case 'reaction.updated': {
      const { userId: senderId, messageSeq: target, emoji, added } = data;
      return { kind: 'reaction', senderId, target, at, emoji, added };
    }
    default:
      return undefined;
  }
}
