import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { messageCreatedEvent } from '../../../shared/contract/events/events.ts';
import type { Notification } from '../../../shared/contract/schemas/notification.ts';
import { notificationPrefix } from '../../../shared/core/table/keys.ts';
import { tenantPrefix } from '../../../shared/core/tenancy/tenant-scope.ts';
import type { TestRun } from '../harness.ts';
import { call, type Frame, type HttpAnswer, type RawSocket, type SignedIn } from '../raw-client.ts';
import type { StoredItem, Tables } from '../system/tables.ts';

export interface NotificationList {
  readonly items: readonly Notification[];
  readonly nextCursor: string | null;
  readonly unreadCount: number;
  readonly revision: number;
}

/** Calls of the notifications' operations as one user. */
export class NotifiedPerson {
  readonly who: SignedIn;
  readonly #test: TestRun;

  constructor(test: TestRun, who: SignedIn) {
    this.#test = test;
    this.who = who;
  }

  ask(method: string, path: string, body?: unknown): Promise<HttpAnswer> {
    const request = { token: this.who.token, ...(body === undefined ? {} : { body }) };
    return call(this.#test.url, method, `/api/v1/notifications${path}`, request);
  }

  async list(query = ''): Promise<NotificationList> {
    const answer = await this.ask('GET', `?limit=100${query}`);
    if (answer.status !== 200) throw new Error(answer.text);
    return answer.body as NotificationList;
  }

  async listAll(query = ''): Promise<readonly Notification[]> {
    const found: Notification[] = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const page: NotificationList = await this.list(query + (cursor === '' ? '' : `&cursor=${cursor}`));
      found.push(...page.items);
      cursor = page.nextCursor;
    }
    return found;
  }

  async unread(): Promise<number> {
    return (await this.ask('GET', '/unread-count')).body.unreadCount as number;
  }

  /** Brute force, from the table. */
  async storedUnread(tables: Tables): Promise<number> {
    return (await this.stored(tables)).filter(({ readAt }) => readAt === undefined).length;
  }

  async stored(tables: Tables): Promise<readonly StoredItem[]> {
    const pk = `${tenantPrefix}${this.who.tenantId}#U#${this.who.userId}`;
    return (await tables.items()).filter((item) => item.pk === pk && item.sk.startsWith(notificationPrefix));
  }
}

export function framesOf(socket: RawSocket, type: string): readonly Frame[] {
  return socket.frames.filter((frame) => frame.type === type);
}

/** As the projector would, with any data. */
export async function publishMessageCreated(
  { run }: TestRun,
  { tenantId }: SignedIn,
  data: { conversationId: string; seq: number; senderId: string; mentionedIds?: readonly string[] },
  id: string,
): Promise<void> {
  const { type, version } = messageCreatedEvent;
  const detail = JSON.stringify({ id, type, version, tenantId, at: new Date().toISOString(), data });
  const bridge = new EventBridgeClient({
    endpoint: run.aws.url,
    region: run.assembly.region,
    credentials: run.aws.ownerCredentials,
  });
  await bridge.send(
    new PutEventsCommand({
      Entries: [{ EventBusName: 'switchboard-dev', Source: 'switchboard', DetailType: type, Detail: detail }],
    }),
  );
  await run.settled();
}
