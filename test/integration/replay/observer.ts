import type { Conversation } from '../../../shared/contract/schemas/conversation.ts';
import type { TestRun } from '../harness.ts';
import { connect } from '../people.ts';
import { call, type Frame, type RawSocket, type SignedIn } from '../raw-client.ts';
import { catchUpCalls } from '../sync/catch-up-calls.ts';
import { type Page, Replica, type Snapshot } from './replica.ts';

export interface Left {
  readonly when: string;
  readonly replica: Replica;
  readonly since: string;
}

/** The queries of all support conversations that an agent has access to. */
export const listsOfDesk = ['&kind=support', '&kind=support&status=resolved', '&kind=support&status=closed'] as const;

export class Observer {
  readonly name: string;
  readonly who: SignedIn;
  readonly left: Left[] = [];
  readonly seen = { live: new Set<string>(), resumed: new Set<string>() };
  readonly #test: TestRun;
  readonly #socket: RawSocket;
  #live: Replica;
  #taken = 0;

  readonly #lists: readonly string[];

  private constructor(
    test: TestRun,
    name: string,
    who: SignedIn,
    lists: readonly string[],
    socket: RawSocket,
    live: Replica,
  ) {
    this.#test = test;
    this.#lists = lists;
    this.name = name;
    this.who = who;
    this.#socket = socket;
    this.#live = live;
  }

  /** @param lists the queries of all conversations that the user sees. */
  static async start(test: TestRun, name: string, who: SignedIn, lists: readonly string[] = ['']): Promise<Observer> {
    const socket = await connect(test, who);
    const live = Replica.fresh(who.userId, await snapshotFor(test, who, lists));
    return new Observer(test, name, who, lists, socket, live);
  }

  snapshot(): Promise<Snapshot> {
    return snapshotFor(this.#test, this.who, this.#lists);
  }

  /** Call it once everything has settled. */
  async live(snapshot: Snapshot): Promise<Replica> {
    // The socket delivers earlier events before the answer.
    await this.#socket.request('ping', {});
    const frames: Frame[] = this.#socket.frames.slice(this.#taken);
    this.#taken = this.#socket.frames.length;
    for (const { type } of frames) this.seen.live.add(type);
    this.#live = this.#live.applied(frames).settled(snapshot).opened(snapshot);
    return this.#live;
  }

  async resumed({ replica, since }: Left, way: 'overHttp' | 'overSocket', snapshot: Snapshot): Promise<Replica> {
    const calls = catchUpCalls(this.#test);
    const resume = { ...replica.positions() };
    const { events } =
      way === 'overHttp'
        ? await calls.overHttp(this.who, resume, since)
        : await calls.overSocket(this.who, { resume, since });
    for (const { type } of events) this.seen.resumed.add(type);
    return replica.applied(events).settled(snapshot).opened(snapshot);
  }

  async leaves(when: string): Promise<Left> {
    const { since } = await catchUpCalls(this.#test).overHttp(this.who, {});
    const left = { when, replica: this.#live, since };
    this.left.push(left);
    return left;
  }

  close(): Promise<void> {
    return this.#socket.close();
  }
}

async function snapshotFor(test: TestRun, { token }: SignedIn, lists: readonly string[]): Promise<Snapshot> {
  const pagesOfLists = await Promise.all(
    lists.map((query) => call(test.url, 'GET', `/api/v1/conversations?limit=100${query}`, { token })),
  );
  const conversations = pagesOfLists.flatMap(({ body }) => body.items as readonly Conversation[]);
  const pages = await Promise.all(
    conversations.map(async ({ id }) => [id, await wholeHistory(test, token, id)] as const),
  );
  return { conversations, pages: new Map(pages) };
}

async function wholeHistory(test: TestRun, token: string, id: string): Promise<Page> {
  const path = `/api/v1/conversations/${id}/messages?limit=100`;
  const newest = (await call(test.url, 'GET', path, { token })).body as Page;
  let whole = newest;
  while (whole.nextCursor !== null) {
    const before = (await call(test.url, 'GET', `${path}&before=${whole.nextCursor}`, { token })).body as Page;
    const covers = { after: before.covers.after, through: newest.covers.through };
    whole = { items: [...before.items, ...whole.items], covers, nextCursor: before.nextCursor };
  }
  return whole;
}
