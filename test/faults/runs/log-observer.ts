import { ConversationView } from '../../../shared/client/conversation-view.ts';
import type { CallRoute } from '../../../shared/client/http.ts';
import { entryOf } from '../../../shared/client/event-entry-rules.ts';
import { serverEventOf } from '../../../shared/client/server-event.ts';
import { messagesOf, positionOf } from '../../../shared/client/timeline.ts';
import type { EventEnvelope } from '../../../shared/contract/events/server-events.ts';
import { withTargets } from '../../../shared/features/messages/entry-events.ts';
import { rangeAfter } from '../../../shared/features/log/log-range.ts';
import { messageOf } from '../../../shared/features/messages/message-view.ts';
import type { LogStage } from '../../integration/log/log-stage.ts';
import type { SeenMessage, Told } from '../history/history.ts';
import { seenOf } from './seen.ts';

/** How many frames are lost, come twice, or are overtaken. */
const lostShare = 0.04;
const twiceShare = 0.03;
const lateShare = 0.3;
const latestMs = 30;
const patienceMs = 60_000;

/** Somebody who takes part in a conversation, with the client's own way to make up for what is lost. */
export class LogObserver {
  readonly #conversationId: string;
  readonly #random: () => number;
  readonly #view: ConversationView;
  readonly #told: SeenMessage[] = [];
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
      onMessage: (message) => void this.#told.push(seenOf(message)),
    });
  }

  async open(): Promise<void> {
    await this.#view.open(1);
  }

  /** A frame on its way; it may be lost, come twice, or be overtaken. */
  post(event: EventEnvelope): void {
    const known = serverEventOf(event);
    const entry = known && entryOf(known);
    if (entry === undefined) throw new Error(`Clients do not know ${event.type}`);
    const times = this.#random() < lostShare ? 0 : this.#random() < twiceShare ? 2 : 1;
    for (let count = 0; count < times; count += 1) {
      const arrive = () => this.#view.add([entry]);
      if (this.#random() < lateShare) setTimeout(arrive, this.#random() * latestMs);
      else arrive();
    }
  }

  /**
   * Comes back, and resolves once everything up to a number is known and each message is of the version that it should
   * be of; or when nothing new came for long: then the checker says what is wrong.
   * @param versions - the numbers of the last changes, by the messages' numbers.
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

  close(): Told {
    this.#view.close();
    const held = messagesOf(this.#view.timeline).map(seenOf);
    return { observer: `observer of ${this.#conversationId}`, way: 'live', after: 0, messages: this.#told, held };
  }
}

/** The newest page of a log in which nothing is written yet. */
const emptyPage = { items: [], nextCursor: null, covers: { after: 0, through: 0 } };

/** Pages of the history, as the server makes them. */
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
