import * as fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Message } from '../contract/schemas/message.ts';
import { ConversationView } from './conversation-view.ts';
import type { CallRoute } from './http.ts';
import { NetworkError } from './network-error.ts';
import { messageEvent } from './socket-test-builders.ts';
import { beginningOf, messagesOf, type TimelineEntry } from './timeline.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

interface PageQuery {
  readonly after?: number;
  readonly before?: number;
  readonly limit: number;
}

/** A page forward has no more than this, whatever is asked for: so a few messages are several pages. */
const mostOfPage = 3;

/** A log of messages and of entries that change them, and the pages of it. */
class ModelLog {
  /** As they are now, ascending. */
  readonly messages: Message[] = [];
  /** The number of the message that an entry is or changes, by the entry's number less one. */
  readonly #about: number[] = [];

  get end(): number {
    return this.#about.length;
  }

  write(): void {
    const seq = this.end + 1;
    this.#about.push(seq);
    this.messages.push(messageEvent('c', seq).data as Message);
  }

  change(index: number): void {
    const message = this.messages[index];
    if (message === undefined) return;
    this.#about.push(message.seq);
    this.messages[index] = { ...message, text: `changed by ${this.end}`, updatedSeq: this.end };
  }

  /** What the event of an entry says, now. */
  entry(seq: number): TimelineEntry {
    const message = this.messages.find((one) => one.seq === this.#about[seq - 1]);
    return { seq, ...(message === undefined ? {} : { message }) };
  }

  page({ after, before, limit }: PageQuery) {
    if (after === undefined) {
      const through = before === undefined ? this.end : before - 1;
      const older = this.messages.filter(({ seq }) => seq <= through);
      const items = older.slice(-limit);
      const isEnd = items.length === older.length;
      const covers = { after: isEnd ? 0 : (items[0]?.seq ?? 1) - 1, through };
      return { items, nextCursor: isEnd ? null : `${items[0]?.seq}`, covers };
    }
    const newer = this.messages.filter(({ seq }) => seq > after);
    const items = newer.slice(0, Math.min(limit, mostOfPage));
    const last = items.at(-1)?.seq ?? after;
    const isEnd = items.length < Math.min(limit, mostOfPage) || last === this.end;
    const covers = { after, through: isEnd ? Math.max(after, this.end) : last };
    return { items, nextCursor: isEnd ? null : `${last}`, covers };
  }
}

/** @param delaysMs - how long pages are on their way, after they were read: one after the other, over and over. */
function viewOn(log: ModelLog, delaysMs: readonly number[]) {
  const failures = { left: 0 };
  let asked = 0;
  const told: number[] = [];
  const call = async (_route: unknown, { query }: { query: PageQuery }) => {
    const body = log.page(query);
    asked += 1;
    const delayMs = delaysMs[asked % delaysMs.length] ?? 0;
    await new Promise((resolve) => setTimeout(resolve, delayMs));
    if (failures.left === 0) return { ok: true, status: 200, body };
    failures.left -= 1;
    throw new NetworkError('unreachable');
  };
  const view = new ConversationView({
    conversationId: 'c',
    ownUserId: 'alice',
    call: call as unknown as CallRoute,
    onChange: () => undefined,
    onMessage: ({ seq }) => told.push(seq),
    onError: () => undefined,
    random: () => 0.5,
  });
  return { view, failures, told };
}

type Happening =
  | { readonly kind: 'write' | 'catchUp' | 'loseAnswer' | 'loadOlder' | 'snapshot' }
  | { readonly kind: 'change' | 'tell'; readonly which: number }
  | { readonly kind: 'wait'; readonly ms: number };

const happening: fc.Arbitrary<Happening> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ kind: fc.constantFrom('change', 'tell'), which: fc.nat({ max: 25 }) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constantFrom('write', 'catchUp') }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constantFrom('loseAnswer', 'loadOlder', 'snapshot') }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('wait'), ms: fc.constantFrom(1, 10, 20, 50) }) },
);
interface Plan {
  /** Messages that there are already. */
  readonly before: number;
  /** How many of them are asked for. */
  readonly limit: number;
  readonly happenings: readonly Happening[];
  /** So many come to pass while the view is being opened. */
  readonly early: number;
  readonly delaysMs: readonly number[];
}

const plan: fc.Arbitrary<Plan> = fc.record({
  before: fc.nat({ max: 12 }),
  limit: fc.constantFrom(2, 5, 100),
  happenings: fc.array(happening, { maxLength: 40 }),
  early: fc.nat({ max: 5 }),
  delaysMs: fc.array(fc.constantFrom(1, 15, 40, 100), { minLength: 1, maxLength: 4 }),
});

async function playAndCompare({ before, limit, happenings, early, delaysMs }: Plan): Promise<void> {
  const log = new ModelLog();
  for (let written = 0; written < before; written += 1) log.write();
  const { view, failures, told } = viewOn(log, delaysMs);
  const take = async (one: Happening): Promise<void> => {
    if (one.kind === 'write') log.write();
    else if (one.kind === 'change') log.change(one.which);
    else if (one.kind === 'tell' && one.which < log.end) view.add([log.entry(one.which + 1)]);
    else if (one.kind === 'catchUp') view.catchUp();
    else if (one.kind === 'loseAnswer') failures.left += 1;
    else if (one.kind === 'loadOlder') void view.loadOlder(mostOfPage).catch(() => undefined);
    else if (one.kind === 'snapshot') {
      const { items, covers } = log.page({ limit: mostOfPage });
      view.restart(items, covers);
    } else if (one.kind === 'wait') await vi.advanceTimersByTimeAsync(one.ms);
  };

  const opening = view.open(limit).then(() => view.position ?? 0);
  for (const one of happenings.slice(0, early)) if (one.kind !== 'wait' && one.kind !== 'loseAnswer') await take(one);
  await vi.advanceTimersByTimeAsync(Math.max(...delaysMs));
  const shown = await opening;
  for (const one of happenings.slice(early)) await take(one);
  view.catchUp();
  await vi.advanceTimersByTimeAsync(600_000);

  const from = beginningOf(view.timeline) ?? 0;
  expect(view.position).toBe(log.end);
  expect(messagesOf(view.timeline)).toEqual(log.messages.filter(({ seq }) => seq > from));
  const news = log.messages.map(({ seq }) => seq).filter((seq) => seq > shown);
  // A snapshot takes the place of what came before it.
  const isWhole = happenings.every(({ kind }) => kind !== 'snapshot');
  expect(told).toEqual(isWhole ? news : news.filter((seq) => told.includes(seq)));
  view.close();
}

it('whatever is not told, or told again, and whenever it comes to pass, every message is shown as it is in the end', async () => {
  await fc.assert(fc.asyncProperty(plan, playAndCompare), { numRuns: 5000 });
});

describe('a change that nobody tells of is found', () => {
  async function opened(messages: number, limit: number, delaysMs: readonly number[]) {
    const log = new ModelLog();
    for (let written = 0; written < messages; written += 1) log.write();
    const { view } = viewOn(log, delaysMs);
    const opening = view.open(limit);
    await vi.advanceTimersByTimeAsync(Math.max(...delaysMs));
    await opening;
    const expectAll = async (): Promise<void> => {
      await vi.advanceTimersByTimeAsync(10_000);
      expect(messagesOf(view.timeline)).toEqual(
        log.messages.filter(({ seq }) => seq > (beginningOf(view.timeline) ?? 0)),
      );
      expect(view.position).toBe(log.end);
      view.close();
    };
    return { log, view, expectAll };
  }

  it('though it comes to pass between the pages of a second look', async () => {
    const { log, view, expectAll } = await opened(8, 100, [20]);
    log.change(7);
    view.catchUp();
    // The page that tells of the change, and the first of those that show what it is.
    await vi.advanceTimersByTimeAsync(45);
    log.change(0);
    await vi.advanceTimersByTimeAsync(10_000);
    view.catchUp();
    await expectAll();
  });

  it('by catching up once more while a page is on its way', async () => {
    const { log, view, expectAll } = await opened(2, 100, [20]);
    view.catchUp();
    await vi.advanceTimersByTimeAsync(10);
    log.change(0);
    view.catchUp();
    await expectAll();
  });

  it('though a page of older messages was read before it', async () => {
    const { log, view, expectAll } = await opened(6, 2, [5, 5, 100, 5, 5]);
    const older = view.loadOlder(3);
    log.change(3);
    view.catchUp();
    await vi.advanceTimersByTimeAsync(200);
    expect(await older).toBe(true);
    await expectAll();
  });

  it('though it came while a snapshot was being read', async () => {
    const { log, view, expectAll } = await opened(2, 100, [20]);
    for (let written = 0; written < 5; written += 1) log.write();
    const { items, covers } = log.page({ limit: 3 });
    log.change(5);
    view.add([log.entry(log.end)]);
    view.restart(items, covers);
    await expectAll();
  });
});
