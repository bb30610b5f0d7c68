import { ulid } from 'ulid';
import { clockLeadMs, oldestRetryMs } from '../../../shared/features/log/append.ts';
import type { EventEnvelope } from '../../../shared/contract/events/server-events.ts';
import { deckOf } from '../../integration/log/seeded-random.ts';
import type { Change } from '../../integration/log/change-writer.ts';
import type { SendAnswer } from '../../integration/log/writer.ts';
import type { WriterPool } from '../../integration/log/writer-pool.ts';
import type { SentChange, SentMessage } from '../history/history.ts';
import type { VirtualTime } from './virtual-time.ts';

export interface SendersOptions {
  readonly writers: Pick<WriterPool, 'send' | 'killOne'>;
  readonly writerCount: number;
  readonly time: VirtualTime;
  readonly random: () => number;
  readonly sends: number;
  readonly onLive: (event: EventEnvelope) => void;
  readonly onProgress: (done: number) => void;
}

const hourMs = 60 * 60 * 1000;
const dayMs = 24 * hourMs;
/** On the run's clock. Longer than the oldest accepted retry. */
const spanMs = 45 * dayMs;

const killsOf250 = 1;
/** Share of senders without an answer that go offline for days. */
const offlineShare = 0.15;
const longestOfflineMs = 12 * dayMs;
/** Consecutive failures. More mean that a run has a bug. */
const mostAttempts = 100;
const repeatShare = 0.1;
/** Changes of earlier messages, per five sends. */
const changesOf5 = 1;
const changeableMessages = 30;
const staleShare = 0.1;
/** Either way. */
const clockDifferenceMs = 300;
const leapShare = 0.01;
const stepMs = 40;

export interface Sent {
  readonly messages: readonly SentMessage[];
  readonly changes: readonly SentChange[];
}

interface Changeable {
  readonly seq: number;
  readonly senderId: string;
  deleted: boolean;
}

interface Attempted {
  readonly senderId: string;
  readonly clientMessageId: string;
  readonly text: string;
  readonly change?: Change;
}

const refusals: ReadonlySet<string> = new Set(['not-sender', 'deleted', 'too-many']);

/** Senders that behave like apps: each repeats one request at a time until there is an answer. */
export class LogSenders {
  readonly #options: SendersOptions;
  #active = 0;
  #kills = 0;
  #lateRetries = 0;
  #done = 0;
  #changes = 0;
  readonly #changeable = new Map<string, Changeable[]>();
  readonly #isKilled: () => 'yes' | 'no';
  readonly #isFollowedByChange: () => 'yes' | 'no';
  readonly #kindOfChange: () => 'edit' | 'reaction' | 'deletion';
  readonly #targetOfChange: () => 'own' | 'any' | 'foreign';
  readonly #ageOfId: () => 'now' | 'ahead' | 'offline';

  constructor(options: SendersOptions) {
    this.#options = options;
    const { random } = options;
    this.#isKilled = deckOf({ yes: killsOf250, no: 250 - killsOf250 }, random);
    this.#isFollowedByChange = deckOf({ yes: changesOf5, no: 5 - changesOf5 }, random);
    this.#kindOfChange = deckOf({ edit: 2, reaction: 3, deletion: 1 }, random);
    // Without "any", no message would be deleted twice or edited after its deletion.
    this.#targetOfChange = deckOf({ own: 15, any: 4, foreign: 1 }, random);
    this.#ageOfId = deckOf({ now: 90, ahead: 7, offline: 3 }, random);
  }

  get kills(): number {
    return this.#kills;
  }

  /** Attempts whose ids were older than an hour. */
  get lateRetries(): number {
    return this.#lateRetries;
  }

  get changes(): number {
    return this.#changes;
  }

  async run(conversationId: string, senderId: string, count: number): Promise<Sent> {
    this.#active += 1;
    const messages: SentMessage[] = [];
    const changes: SentChange[] = [];
    for (let number = 0; number < count; number += 1) {
      messages.push(await this.#send(conversationId, senderId, `${senderId} ${number}`));
      this.#done += 1;
      this.#options.onProgress(this.#done);
      if (this.#options.random() < repeatShare) await this.#repeat(conversationId, messages);
      if (this.#isFollowedByChange() === 'yes') changes.push(...(await this.#change(conversationId, senderId, number)));
    }
    this.#active -= 1;
    this.#skipIfAllWait();
    return { messages, changes };
  }

  async #send(conversationId: string, senderId: string, text: string): Promise<SentMessage> {
    const message = { senderId, writer: senderId, clientMessageId: ulid(this.#idTime()), text };
    const { seq, uncertain } = await this.#persist(conversationId, () => message);
    // The message became too old, so the outcome of earlier attempts is unknown.
    if (seq === undefined) return { ...message, acks: [], refused: !uncertain };
    const messages = this.#changeable.get(conversationId) ?? [];
    this.#changeable.set(conversationId, [...messages, { seq, senderId, deleted: false }].slice(-changeableMessages));
    return { ...message, acks: [seq], refused: false };
  }

  async #change(conversationId: string, senderId: string, number: number): Promise<readonly SentChange[]> {
    const { random, time } = this.#options;
    const pick = <Item>(items: readonly Item[]): Item | undefined => items[Math.floor(random() * items.length)];
    const kind = this.#kindOfChange();
    const changeable = this.#changeable.get(conversationId) ?? [];
    const target = pick(kind === 'reaction' ? changeable : this.#targetsOf(changeable, senderId));
    if (target === undefined) return [];
    if (kind === 'deletion' && target.senderId === senderId) target.deleted = true;
    this.#changes += 1;
    const reaction = { emoji: pick(['👍', '🎉']) ?? '👍', added: random() < 0.7 };
    const change: Change = { kind, target: target.seq, ...(kind === 'reaction' ? reaction : {}) };
    const text = kind === 'edit' ? `${senderId} ${number}, edited` : '';
    // Other changes are idempotent without an id.
    const editId = kind === 'edit' ? ulid(this.#idTime()) : undefined;
    const request = () => ({
      ...{ senderId, text, change },
      clientMessageId: editId ?? ulid(Math.floor(time.now)),
    });
    const { seq, outcome, uncertain } = await this.#persist(conversationId, request);
    const sent = { ...change, senderId, writer: senderId, ...(kind === 'edit' ? { text } : {}) };
    if (seq !== undefined) return [{ ...sent, acks: [seq], confirmed: true, refused: false }];
    const confirmed = outcome === 'same';
    return [{ ...sent, acks: [], confirmed, refused: !confirmed && !uncertain }];
  }

  /** Mostly the sender's own. */
  #targetsOf(changeable: readonly Changeable[], senderId: string): readonly Changeable[] {
    const target = this.#targetOfChange();
    if (target === 'foreign') return changeable.filter((message) => message.senderId !== senderId);
    return changeable.filter((message) => message.senderId === senderId && (target === 'any' || !message.deleted));
  }

  /** `uncertain` if an attempt without an answer may have succeeded. */
  async #persist(
    conversationId: string,
    request: () => Attempted,
  ): Promise<{ readonly outcome: string; readonly seq?: number; readonly uncertain: boolean }> {
    const { time, random } = this.#options;
    let uncertain = false;
    for (let attempts = 1; ; attempts += 1) {
      if (attempts > mostAttempts) throw new Error(`There was no answer in ${mostAttempts} attempts`);
      const answer = await this.#attempt(conversationId, request());
      const { outcome, seq } = answer;
      if (seq !== undefined || outcome === 'clock-skew' || outcome === 'same' || refusals.has(outcome)) {
        return { ...answer, uncertain };
      }
      if (outcome === 'failed' || outcome === 'killed') uncertain = true;
      else if (outcome !== 'busy') throw new Error(`Unexpected outcome: ${outcome}`);
      if (random() < offlineShare) {
        const until = time.until(time.now + random() * longestOfflineMs);
        this.#skipIfAllWait();
        await until;
      }
    }
  }

  async #repeat(conversationId: string, sent: SentMessage[]): Promise<void> {
    const { time, random } = this.#options;
    const index = Math.floor(random() * sent.length);
    const earlier = sent[index];
    if (earlier === undefined) return;
    const { outcome, seq } = await this.#attempt(conversationId, earlier);
    if (seq !== undefined) sent[index] = { ...earlier, acks: [...earlier.acks, seq] };
    else if (outcome === 'clock-skew' && time.now - claimedAt(earlier) < oldestRetryMs - clockDifferenceMs) {
      throw new Error(`${earlier.text} was rejected as too old but is not`);
    }
  }

  async #attempt(conversationId: string, message: Attempted) {
    const { writers, writerCount, time, random, onLive } = this.#options;
    time.pass(this.#pause());
    if (this.#isKilled() === 'yes') {
      void writers.killOne(Math.floor(random() * writerCount));
      this.#kills += 1;
    }
    if (time.now - claimedAt(message) > hourMs) this.#lateRetries += 1;
    const { senderId, clientMessageId, text, change } = message;
    const at = Math.floor(time.now + (random() * 2 - 1) * clockDifferenceMs);
    const common = { conversationId, senderId, clientMessageId, text, ...(change === undefined ? {} : { change }) };
    const request = { ...common, stale: random() < staleShare, at };
    const answer: Omit<SendAnswer, 'call'> = await writers.send(request);
    if (answer.event !== undefined) onLive(answer.event);
    return answer;
  }

  #pause(): number {
    const { random, sends } = this.#options;
    if (random() >= leapShare) return random() * stepMs;
    return ((2 * spanMs) / (sends * leapShare)) * random();
  }

  /** Sometimes from a clock that is ahead, or from a message that was written offline. */
  #idTime(): number {
    const { random, time } = this.#options;
    const age = this.#ageOfId();
    const offlineMs = hourMs + random() * (15 * dayMs - hourMs);
    const ahead = age === 'offline' ? -offlineMs : age === 'ahead' ? random() * (clockLeadMs - 10_000) : 0;
    return Math.floor(time.now + ahead);
  }

  #skipIfAllWait(): void {
    const { time } = this.#options;
    if (this.#active > 0 && time.waiting === this.#active) time.skip();
  }
}

const crockford = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

function claimedAt({ clientMessageId }: Pick<SentMessage, 'clientMessageId'>): number {
  return [...clientMessageId.slice(0, 10)].reduce((time, character) => time * 32 + crockford.indexOf(character), 0);
}
