import { ConversationView } from '../../../shared/client/conversation-view.ts';
import type { CallRoute } from '../../../shared/client/http.ts';
import { entryOf } from '../../../shared/client/event-entry-rules.ts';
import { serverEventOf } from '../../../shared/client/server-event.ts';
import { messagesOf, positionOf } from '../../../shared/client/timeline.ts';
import type { EventEnvelope } from '../../../shared/contract/events/server-events.ts';
import { withTargets } from '../../../shared/features/timeline/entry-events.ts';
import { rangeAfter } from '../../../shared/features/log/log-range.ts';
import { messageOf } from '../../../shared/features/timeline/message-view.ts';
import type { LogStage } from '../../integration/log/log-stage.ts';
import type { SeenMessage, ReceivedMessages } from '../history/history.ts';
import { seenOf } from './seen.ts';

/** Shares of frames. */
const lostShare = 0.04;
const twiceShare = 0.03;
const lateShare = 0.3;
const latestMs = 30;
const patienceMs = 60_000;

export class LogObserver {
  readonly #conversationId: string;
  readonly #random: () => number;
  readonly #view: ConversationView;
  readonly #received: SeenMessage[] = [];
  #look: () => void = () => undefined;

  constructor(stage: LogStage, conversationId: string, random: () => number) {
    this.#conversationId = conversationId;
    this.#random = random;
    this.#view = new ConversationView({
      conversationId,
      ownUserId: 'observer',
      call: pagesOf(stage, conversationId),
      random,
      onChange: () => this.#look(),
      onError: () => undefined,
      onMessage: (message) => void this.#received.push(seenOf(message)),
    });
  }

  async open(): Promise<void> {
    await this.#view.open(1);
  }

  post(event: EventEnvelope): void {
    const serverEvent = serverEventOf(event);
    const entry = serverEvent && entryOf(serverEvent);
    if (entry === undefined) throw new Error(`The client does not support ${event.type}`);
    const times = this.#random() < lostShare ? 0 : this.#random() < twiceShare ? 2 : 1;
    for (let count = 0; count < times; count += 1) {
      const arrive = () => this.#view.add([entry]);
      if (this.#random() < lateShare) setTimeout(arrive, this.#random() * latestMs);
      else arrive();
    }
  }

  /**
   * Resolves once all messages up to a seq have their expected versions, or after a time without news.
   * @param versions - seqs of the last changes, by the seqs of their messages.
   */
  async catchUp(through: number, versions: ReadonlyMap<number, number>): Promise<void> {
    const isThere = () =>
      (positionOf(this.#view.timeline) ?? 0) >= through &&
      messagesOf(this.#view.timeline).every(({ seq, updatedSeq }) => updatedSeq === versions.get(seq));
    this.#view.catchUp();
    await new Promise<void>((resolve) => {
      let patience = setTimeout(resolve, patienceMs);
      this.#look = () => {
        clearTimeout(patience);
        patience = setTimeout(resolve, patienceMs);
        if (!isThere()) return;
        clearTimeout(patience);
        resolve();
      };
      this.#look();
    });
  }

  close(): ReceivedMessages {
    this.#view.close();
    const held = messagesOf(this.#view.timeline).map(seenOf);
    return { observer: `observer of ${this.#conversationId}`, way: 'live', after: 0, messages: this.#received, held };
  }
}

const emptyPage = { items: [], nextCursor: null, covers: { after: 0, through: 0 } };

function pagesOf({ scope, keys }: LogStage, conversationId: string): CallRoute {
  const owner = { keys, scope, conversationId };
  const call = async (
    _route: unknown,
    request: { readonly query: { readonly after?: number; readonly limit: number } },
  ) => {
    const { after, limit } = request.query;
    if (after === undefined) return { ok: true, status: 200, body: emptyPage };
    const { entries, covers, next } = await rangeAfter(owner, after, limit);
    const settled = await withTargets(owner, entries);
    const items = entries
      .filter(({ kind }) => kind.isShown)
      .map((entry) => messageOf(owner, settled.get(entry.seq) ?? entry));
    return { ok: true, status: 200, body: { items, nextCursor: next === undefined ? null : String(next), covers } };
  };
  return call as unknown as CallRoute;
}
