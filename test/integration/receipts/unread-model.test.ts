import { ulid } from 'ulid';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { seed } from '../../reporting/seed.ts';
import type { TestRun } from '../harness.ts';
import { sharedTestRun } from '../shared-run.ts';
import { seededRandom } from '../log/seeded-random.ts';
import { castOf, conversationOf } from '../people.ts';
import { call, type SignedIn } from '../raw-client.ts';

// After each random action, the unread counts must equal those of a model.

let test: TestRun;

beforeAll(async () => {
  test = await sharedTestRun();
});

afterAll(() => test.stop());

class ModelConversation {
  readonly id: string;
  readonly people: readonly [SignedIn, SignedIn];
  /** Senders by index of the entry. Entries without a message have none. */
  readonly entries: (string | undefined)[] = [];
  readonly deleted = new Set<number>();
  readonly #read = new Map<string, number>();
  readonly #marks = new Map<string, number>();

  constructor(id: string, people: readonly [SignedIn, SignedIn]) {
    this.id = id;
    this.people = people;
  }

  wrote(userId: string): void {
    this.entries.push(userId);
    this.#read.set(userId, this.entries.length);
    this.#marks.delete(userId);
  }

  read(userId: string, seq: number): void {
    if (seq < this.readSeq(userId)) return;
    this.#read.set(userId, seq);
    this.#marks.delete(userId);
  }

  marked(userId: string, seq: number): void {
    this.#marks.set(userId, seq);
  }

  readSeq(userId: string): number {
    return this.#read.get(userId) ?? 0;
  }

  unread(userId: string): number {
    const read = this.readSeq(userId);
    const mark = this.#marks.get(userId) ?? Infinity;
    return this.entries.filter((sender, index) => {
      const seq = index + 1;
      return sender !== undefined && sender !== userId && (seq > read || seq >= mark);
    }).length;
  }
}

describe('an unread count', () => {
  it.each([seed, seed + 1])(
    'equals the model after every random action, seed %i',
    async (seedOfRun) => {
      const random = seededRandom(seedOfRun);
      const below = (limit: number) => Math.floor(random() * limit);
      const { alice, bob, carol } = await castOf(test, `model-${seedOfRun}`);
      const pairs = [
        [alice, bob],
        [bob, carol],
        [carol, alice],
      ] as const;
      const conversations = await Promise.all(
        pairs.map(async (pair) => new ModelConversation(await conversationOf(test, ...pair), pair)),
      );
      const ask = (who: SignedIn, method: string, path: string, body?: unknown) =>
        call(test.url, method, `/api/v1/conversations${path}`, {
          token: who.token,
          ...(body === undefined ? {} : { body }),
        });
      const done: string[] = [];

      async function step(): Promise<void> {
        const conversation = conversations[below(3)] as ModelConversation;
        const [who, partner] = below(2) === 0 ? conversation.people : conversation.people.toReversed();
        if (who === undefined || partner === undefined) throw new Error('Somebody is missing');
        const { id, entries } = conversation;
        const seq = 1 + below(entries.length);
        const action = entries.length === 0 ? 0 : below(10);
        done.push(`${action} ${seq} of ${entries.length} in ${id} by ${who.userId}`);
        if (action < 4) {
          const body = { type: 'text', text: 'x', clientMessageId: ulid() };
          expect((await ask(who, 'POST', `/${id}/messages`, body)).status).toBe(201);
          conversation.wrote(who.userId);
        } else if (action < 8) {
          const name = (['readSeq', 'readSeq', 'unreadFrom', 'deliveredSeq'] as const)[action - 4] ?? 'readSeq';
          const answer = await ask(who, 'POST', `/${id}/receipts`, { [name]: seq });
          if (name === 'readSeq') conversation.read(who.userId, seq);
          if (name === 'unreadFrom') conversation.marked(who.userId, seq);
          const expected = { readSeq: conversation.readSeq(who.userId), unreadCount: conversation.unread(who.userId) };
          expect(answer.body, done.join('\n')).toMatchObject(expected);
        } else if (entries[seq - 1] === who.userId && !conversation.deleted.has(seq)) {
          expect((await ask(who, 'DELETE', `/${id}/messages/${seq}`)).status).toBe(200);
          conversation.deleted.add(seq);
          entries.push(undefined);
        } else if (entries[seq - 1] !== undefined && !conversation.deleted.has(seq)) {
          const before = (await ask(who, 'GET', `/${id}/messages/${seq}`)).body.reactions ?? [];
          const answer = await ask(who, 'PUT', `/${id}/messages/${seq}/reactions/${encodeURIComponent('👍')}`);
          expect(answer.status, answer.text).toBe(200);
          if (JSON.stringify(answer.body.reactions) !== JSON.stringify(before)) entries.push(undefined);
        }
        // The counts must be right before the projector runs.
        for (const person of [who, partner]) {
          const single = await ask(person, 'GET', `/${id}`);
          expect(single.body.unreadCount, done.join('\n')).toBe(conversation.unread(person.userId));
        }
      }

      async function compareLists(): Promise<void> {
        await test.run.settled();
        for (const who of [alice, bob, carol]) {
          const own = conversations.filter(({ people }) => people.includes(who));
          const counts = new Map(own.map((conversation) => [conversation.id, conversation.unread(who.userId)]));
          const list = await ask(who, 'GET', '');
          for (const { id, unreadCount } of list.body.items) expect(unreadCount, done.join('\n')).toBe(counts.get(id));
          const unread = [...counts.values()].filter((count) => count > 0);
          expect((await ask(who, 'GET', '/unread-count')).body, done.join('\n')).toEqual({
            messages: unread.reduce((sum, count) => sum + count, 0),
            conversations: unread.length,
          });
        }
      }

      for (let count = 1; count <= 60; count += 1) {
        await step();
        if (count % 15 === 0) await compareLists();
      }
    },
    300_000,
  );
});
