import { ulid } from 'ulid';
import { createdAtOf, notificationIdOf } from '../../../shared/features/notifications/notification-id.ts';
import { attributeOf, dayOf, expiryOfDay } from '../../../shared/features/notifications/unread-days-rules.ts';
import { notificationKeys } from '../../../shared/core/table/keys.ts';
import type { TestRun } from '../harness.ts';
import { call, type Frame, type SignedIn } from '../raw-client.ts';
import { newMessage } from '../system/new-message.ts';
import type { Tables } from '../system/tables.ts';

export interface Mention {
  /** Of the notification. */
  readonly id: string;
  readonly seq: number;
  readonly clientMessageId: string;
}

/** Sends a message. The notification follows once everything has settled. */
export async function mention(
  { url }: Pick<TestRun, 'url'>,
  from: SignedIn,
  { userId }: Pick<SignedIn, 'userId'>,
  conversationId: string,
): Promise<Mention> {
  const body = { ...newMessage(), mentions: [userId] };
  const path = `/api/v1/conversations/${conversationId}/messages`;
  const answer = await call(url, 'POST', path, { token: from.token, body });
  if (answer.status !== 201) throw new Error(answer.text);
  const { seq, createdAt } = answer.body;
  const cause = { userId, kind: 'mention', conversationId, seq, at: Date.parse(createdAt as string) } as const;
  return { id: notificationIdOf(cause), seq, clientMessageId: body.clientMessageId };
}

/** Stores an unread notification without a message. */
export async function storeNotification(
  tables: Tables,
  prefix: string,
  userId: string,
  conversationId: string,
  { at = Date.now(), cause = ulid() } = {},
): Promise<string> {
  const id = notificationIdOf({ userId, kind: 'queue', conversationId, cause, at });
  const createdAt = createdAtOf(id);
  const [key, count] = [notificationKeys.notification(userId, id), notificationKeys.count(userId)];
  const expiresAt = expiryOfDay(dayOf(createdAt));
  const day = attributeOf(dayOf(createdAt));
  await tables.put({ ...key, pk: prefix + key.pk, kind: 'queue', conversationId, createdAt, expiresAt });
  const before = (await tables.get(prefix + count.pk, count.sk)) ?? { revision: 0 };
  const counted = { [day]: Number((before as Frame)[day] ?? 0) + 1, revision: Number(before['revision']) + 1 };
  await tables.put({ expiresAt, ...before, ...count, pk: prefix + count.pk, ...counted });
  return id;
}
