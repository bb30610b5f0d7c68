import { ConversationView } from '../../../shared/client/conversation-view.ts';
import type { CallRoute } from '../../../shared/client/http.ts';
import type { Message } from '../../../shared/contract/schemas/message.ts';
import { LogStore } from '../../../shared/conversations/log/log-store.ts';
import { messageOf } from '../../../shared/conversations/message-view.ts';
import type { LogStage } from '../../integration/log/log-stage.ts';
import type { SeenMessage, Told } from '../history/history.ts';
import { seenOf } from './seen.ts';

/** How many frames are lost, come twice, or are overtaken. */
const lostShare = 0.04;
const twiceShare = 0.03;
const lateShare = 0.3;
const latestMs = 30;

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
      onChange: () => undefined,
      onTrouble: () => undefined,
      onMessage: (message) => {
        this.#told.push(seenOf(message));
        this.#look();
      },
    });
  }

  async open(): Promise<void> {
    await this.#view.open(1);
  }

  /** A frame on its way; it may be lost, come twice, or be overtaken. */
  post(message: Message): void {
    const times = this.#random() < lostShare ? 0 : this.#random() < twiceShare ? 2 : 1;
    for (let count = 0; count < times; count += 1) {
      const arrive = () => this.#view.add([{ seq: message.seq, message }]);
      if (this.#random() < lateShare) setTimeout(arrive, this.#random() * latestMs);
      else arrive();
    }
  }

  /** Comes back, and resolves once everything up to a number was told. */
  async catchUp(through: number): Promise<void> {
    this.#view.catchUp();
    if ((this.#told.at(-1)?.seq ?? 0) >= through) return;
    await new Promise<void>((resolve) => {
      this.#look = () => {
        if ((this.#told.at(-1)?.seq ?? 0) >= through) resolve();
      };
    });
  }

  close(): Told {
    this.#view.close();
    return { observer: `observer of ${this.#conversationId}`, way: 'live', after: 0, messages: this.#told };
  }
}

/** Pages of the history, as the server makes them. */
function pagesOf({ scope, keys }: LogStage, conversationId: string): CallRoute {
  const store = new LogStore(scope, conversationId);
  const call = async (
    _route: unknown,
    request: { readonly query: { readonly after?: number; readonly limit: number } },
  ) => {
    const { after, limit } = request.query;
    const entries = after === undefined ? [] : await store.readForward(after, limit);
    const last = entries.at(-1)?.seq;
    const items = entries.map((entry) => messageOf(keys, scope, conversationId, entry));
    const nextCursor = entries.length === limit ? String(last) : null;
    const covers = { after: after ?? 0, through: last ?? after ?? 0 };
    return { ok: true, status: 200, body: { items, nextCursor, covers } };
  };
  return call as unknown as CallRoute;
}
