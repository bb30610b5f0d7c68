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

const pageSize = 3;

class ModelLog {
  readonly messages: Message[] = [];
  readonly #messageSeqs: number[] = [];

  get end(): number {
    return this.#messageSeqs.length;
  }

  write(): void {
    const seq = this.end + 1;
    this.#messageSeqs.push(seq);
    this.messages.push(messageEvent('c', seq).data as Message);
  }

  change(index: number): void {
    const message = this.messages[index];
    if (message === undefined) return;
    this.#messageSeqs.push(message.seq);
    this.messages[index] = { ...message, text: `changed by ${this.end}`, updatedSeq: this.end };
  }

  entry(seq: number): TimelineEntry {
    const message = this.messages.find((each) => each.seq === this.#messageSeqs[seq - 1]);
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
    const items = newer.slice(0, Math.min(limit, pageSize));
    const last = items.at(-1)?.seq ?? after;
    const isEnd = items.length < Math.min(limit, pageSize) || last === this.end;
    const covers = { after, through: isEnd ? Math.max(after, this.end) : last };
    return { items, nextCursor: isEnd ? null : `${last}`, covers };
  }
}

/** @param delaysMs - between a page's reading and its arrival, in a cycle. */
function viewOn(log: ModelLog, delaysMs: readonly number[]) {
  const failures = { left: 0 };
  let pageCount = 0;
  const announced: number[] = [];
  const call = async (_route: unknown, { query }: { query: PageQuery }) => {
    const body = log.page(query);
    pageCount += 1;
    const delayMs = delaysMs[pageCount % delaysMs.length] ?? 0;
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
    onMessage: ({ seq }) => announced.push(seq),
    onError: () => undefined,
    random: () => 0.5,
  });
  return { view, failures, announced };
}

type Step =
  | { readonly kind: 'write' | 'catchUp' | 'loseAnswer' | 'loadOlder' | 'snapshot' }
  | { readonly kind: 'change' | 'deliver'; readonly index: number }
  | { readonly kind: 'wait'; readonly ms: number };

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ kind: fc.constantFrom('change', 'deliver'), index: fc.nat({ max: 25 }) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constantFrom('write', 'catchUp') }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constantFrom('loseAnswer', 'loadOlder', 'snapshot') }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('wait'), ms: fc.constantFrom(1, 10, 20, 50) }) },
);
interface Plan {
  readonly before: number;
  readonly limit: number;
  readonly steps: readonly Step[];
  readonly early: number;
  readonly delaysMs: readonly number[];
}

const plan: fc.Arbitrary<Plan> = fc.record({
  before: fc.nat({ max: 12 }),
  limit: fc.constantFrom(2, 5, 100),
  steps: fc.array(step, { maxLength: 40 }),
  early: fc.nat({ max: 5 }),
  delaysMs: fc.array(fc.constantFrom(1, 15, 40, 100), { minLength: 1, maxLength: 4 }),
});

async function playAndCompare({ before, limit, steps, early, delaysMs }: Plan): Promise<void> {
  const log = new ModelLog();
  for (let written = 0; written < before; written += 1) log.write();
  const { view, failures, announced } = viewOn(log, delaysMs);
  const perform = async (step: Step): Promise<void> => {
    if (step.kind === 'write') log.write();
    else if (step.kind === 'change') log.change(step.index);
    else if (step.kind === 'deliver' && step.index < log.end) view.add([log.entry(step.index + 1)]);
    else if (step.kind === 'catchUp') view.catchUp();
    else if (step.kind === 'loseAnswer') failures.left += 1;
    else if (step.kind === 'loadOlder') void view.loadOlder(pageSize).catch(() => undefined);
    else if (step.kind === 'snapshot') {
      const { items, covers } = log.page({ limit: pageSize });
      view.restart(items, covers);
    } else if (step.kind === 'wait') await vi.advanceTimersByTimeAsync(step.ms);
  };

  const opening = view.open(limit).then(() => view.position ?? 0);
  for (const step of steps.slice(0, early)) if (step.kind !== 'wait' && step.kind !== 'loseAnswer') await perform(step);
  await vi.advanceTimersByTimeAsync(Math.max(...delaysMs));
  const openedAt = await opening;
  for (const step of steps.slice(early)) await perform(step);
  view.catchUp();
  await vi.advanceTimersByTimeAsync(600_000);

  const from = beginningOf(view.timeline) ?? 0;
  expect(view.position).toBe(log.end);
  expect(messagesOf(view.timeline)).toEqual(log.messages.filter(({ seq }) => seq > from));
  const newer = log.messages.map(({ seq }) => seq).filter((seq) => seq > openedAt);
  const isWhole = steps.every(({ kind }) => kind !== 'snapshot');
  expect(announced).toEqual(isWhole ? newer : newer.filter((seq) => announced.includes(seq)));
  view.close();
}

it('shows the current version of every message when events are lost, repeated or late', async () => {
  await fc.assert(fc.asyncProperty(plan, playAndCompare), { numRuns: 5000 });
});

describe('a view that misses the event of a change', () => {
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

  it('finds a change that happens between the pages of a refresh', async () => {
    const { log, view, expectAll } = await opened(8, 100, [20]);
    log.change(7);
    view.catchUp();
    await vi.advanceTimersByTimeAsync(45);
    log.change(0);
    await vi.advanceTimersByTimeAsync(10_000);
    view.catchUp();
    await expectAll();
  });

  it('finds a change by catching up again while a page is under way', async () => {
    const { log, view, expectAll } = await opened(2, 100, [20]);
    view.catchUp();
    await vi.advanceTimersByTimeAsync(10);
    log.change(0);
    view.catchUp();
    await expectAll();
  });

  it('finds a change of older messages whose page was read before it', async () => {
    const { log, view, expectAll } = await opened(6, 2, [5, 5, 100, 5, 5]);
    const older = view.loadOlder(3);
    log.change(3);
    view.catchUp();
    await vi.advanceTimersByTimeAsync(200);
    expect(await older).toBe(true);
    await expectAll();
  });

  it('finds a change that happens while a snapshot is read', async () => {
    const { log, view, expectAll } = await opened(2, 100, [20]);
    for (let written = 0; written < 5; written += 1) log.write();
    const { items, covers } = log.page({ limit: 3 });
    log.change(5);
    view.add([log.entry(log.end)]);
    view.restart(items, covers);
    await expectAll();
  });
});
