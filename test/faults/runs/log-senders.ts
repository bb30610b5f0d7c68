import { ulid } from 'ulid';
import { clockLeadMs, oldestRetryMs } from '../../../shared/conversations/log/append.ts';
import type { Message } from '../../../shared/contract/schemas/message.ts';
import type { SendAnswer } from '../../integration/log/writer.ts';
import type { WriterPool } from '../../integration/log/writer-pool.ts';
import type { SentMessage } from '../history/history.ts';
import type { VirtualTime } from './virtual-time.ts';

export interface SendersOptions {
  readonly writers: WriterPool;
  readonly writerCount: number;
  readonly time: VirtualTime;
  readonly random: () => number;
  /** All sends of the run: from it follows how fast time passes. */
  readonly sends: number;
  /** Hears of everything that a writer would post to the people of a conversation. */
  readonly onLive: (message: Message) => void;
  /** Hears how many sends have come to their end. */
  readonly onProgress: (done: number) => void;
}

const dayMs = 24 * 60 * 60 * 1000;
/** How long a run lasts for its senders: longer than the oldest retry that is taken. */
export const spanMs = 45 * dayMs;

/** One in so many attempts has its writer killed, at any moment. */
const killShare = 0.004;
/** Who does not know the outcome of a send goes offline for days, sometimes. */
const offlineShare = 0.15;
const longestOfflineMs = 12 * dayMs;
/** No faults of the run can have so many attempts fail in a row. */
const mostAttempts = 100;
const repeatShare = 0.1;
const staleShare = 0.1;
/** Writers' clocks differ by as much, either way. */
const clockDifferenceMs = 300;
/** Time passes in small steps and, one in so many, in leaps. */
const leapShare = 0.01;
const stepMs = 40;

/** Senders as apps are: one message in flight in each conversation, repeated until there is an answer. */
export class LogSenders {
  readonly #options: SendersOptions;
  #active = 0;
  #kills = 0;
  #lateRetries = 0;
  #done = 0;

  constructor(options: SendersOptions) {
    this.#options = options;
  }

  get kills(): number {
    return this.#kills;
  }

  /** Attempts at messages, first and further ones, whose ids were older than an hour. */
  get lateRetries(): number {
    return this.#lateRetries;
  }

  /** Sends so many messages of one sender into one conversation. */
  async run(conversationId: string, senderId: string, count: number): Promise<readonly SentMessage[]> {
    this.#active += 1;
    const sent: SentMessage[] = [];
    for (let number = 0; number < count; number += 1) {
      sent.push(await this.#send(conversationId, senderId, `${senderId} ${number}`));
      this.#done += 1;
      this.#options.onProgress(this.#done);
      if (this.#options.random() < repeatShare) await this.#repeat(conversationId, sent);
    }
    this.#active -= 1;
    this.#skipIfAllWait();
    return sent;
  }

  async #send(conversationId: string, senderId: string, text: string): Promise<SentMessage> {
    const { time, random } = this.#options;
    const message = { senderId, writer: senderId, clientMessageId: ulid(this.#idTime()), text };
    let uncertain = false;
    for (let attempts = 1; ; attempts += 1) {
      if (attempts > mostAttempts) throw new Error(`"${text}" was not taken in ${mostAttempts} attempts`);
      const { outcome, seq } = await this.#attempt(conversationId, message);
      if (seq !== undefined) return { ...message, acks: [seq], refused: false };
      // It became too old while its sender was offline: whether it is stored, nobody knows any more.
      if (outcome === 'clock-skew') return { ...message, acks: [], refused: !uncertain };
      if (outcome === 'failed' || outcome === 'killed') uncertain = true;
      else if (outcome !== 'busy') throw new Error(`Nobody expected the outcome ${outcome}`);
      if (random() < offlineShare) {
        const until = time.until(time.now + random() * longestOfflineMs);
        this.#skipIfAllWait();
        await until;
      }
    }
  }

  /** Repeats some earlier message, although it was answered. */
  async #repeat(conversationId: string, sent: SentMessage[]): Promise<void> {
    const { time, random } = this.#options;
    const index = Math.floor(random() * sent.length);
    const earlier = sent[index];
    if (earlier === undefined) return;
    const { outcome, seq } = await this.#attempt(conversationId, earlier);
    if (seq !== undefined) sent[index] = { ...earlier, acks: [...earlier.acks, seq] };
    else if (outcome === 'clock-skew' && time.now - claimedAt(earlier) < oldestRetryMs - clockDifferenceMs) {
      throw new Error(`${earlier.text} was refused as too old, and is not`);
    }
  }

  async #attempt(conversationId: string, message: Omit<SentMessage, 'acks' | 'refused'>) {
    const { writers, writerCount, time, random, onLive } = this.#options;
    time.pass(this.#pause());
    if (random() < killShare) {
      // Whatever that writer is doing, between any two of its calls.
      void writers.killOne(Math.floor(random() * writerCount));
      this.#kills += 1;
    }
    if (time.now - claimedAt(message) > 3_600_000) this.#lateRetries += 1;
    const { senderId, clientMessageId, text } = message;
    const at = Math.floor(time.now + (random() * 2 - 1) * clockDifferenceMs);
    const request = { conversationId, senderId, clientMessageId, text, stale: random() < staleShare, at };
    const answer: Omit<SendAnswer, 'call'> = await writers.send(request);
    if (answer.message !== undefined) onLive(answer.message);
    return answer;
  }

  #pause(): number {
    const { random, sends } = this.#options;
    if (random() >= leapShare) return random() * stepMs;
    return ((2 * spanMs) / (sends * leapShare)) * random();
  }

  /** Mostly ids of now; some of clocks that lead, some of messages that were written offline. */
  #idTime(): number {
    const { random, time } = this.#options;
    const dice = random();
    const ahead = dice < 0.03 ? -random() * 15 * dayMs : dice < 0.1 ? random() * (clockLeadMs - 10_000) : 0;
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
