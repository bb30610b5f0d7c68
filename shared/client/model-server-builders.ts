import type { Message } from '../contract/schemas/message.ts';
import { json, refusal } from './http-test-builders.ts';
import { FakeWebSocket, type SentFrame, syncPage, welcome } from './socket-test-builders.ts';

type Problem = ReturnType<typeof refusal>;
type Data = Readonly<Record<string, unknown>>;
type Outcome = { readonly data: unknown } | { readonly problem: Problem };

export interface ModelServerOptions {
  readonly tokenMs?: number;
  readonly perMinute?: number;
  readonly sockets?: boolean;
  /** Throttles with `Retry-After` alone, like API Gateway. */
  readonly throttlesInHeaders?: boolean;
}

const minute = 60_000;

export class ModelServer {
  readonly user = { id: 'alice', firstName: 'Alice', lastName: 'Able' };
  readonly messages = new Map<string, Message[]>();
  readonly log = new Map<string, string[]>();
  readonly read = new Map<string, number>();
  readonly receipts: { readonly conversationId: string; readonly readSeq: number }[] = [];
  readonly attempts = { fetches: 0, sockets: 0, refreshes: 0, tooEarly: 0, throttled: 0 };
  readonly #options: Required<ModelServerOptions>;
  readonly #stored = new Map<string, Message>();
  readonly #acceptedAt = new Map<string, number[]>();
  readonly #openAt = new Map<string, number>();
  readonly #sockets = new Set<FakeWebSocket>();
  #online = true;
  #refreshToken = 1;

  constructor(options: ModelServerOptions = {}) {
    const standard = { tokenMs: 15 * minute, perMinute: Infinity, sockets: true, throttlesInHeaders: false };
    this.#options = { ...standard, ...options };
  }

  get online(): boolean {
    return this.#online;
  }

  set online(online: boolean) {
    this.#online = online;
    if (online) return;
    for (const socket of this.#sockets) socket.drop();
    this.#sockets.clear();
  }

  textsOf(conversationId: string): readonly (string | undefined)[] {
    return (this.messages.get(conversationId) ?? []).map(({ text }) => text);
  }

  logOf(conversationId: string): readonly string[] {
    return this.log.get(conversationId) ?? [];
  }

  token(): string {
    return `token ${Date.now() + this.#options.tokenMs}`;
  }

  readonly fetch: typeof globalThis.fetch = async (input, init = {}) => {
    this.attempts.fetches += 1;
    const url = new URL(input as string);
    if (url.pathname.endsWith('/auth/refresh')) this.attempts.refreshes += 1;
    if (!this.#online) throw new TypeError('fetch failed');
    const body = (typeof init.body === 'string' ? JSON.parse(init.body) : {}) as Data;
    const path = url.pathname.replace('/api/v1', '').split('/').slice(1).map(decodeURIComponent);
    if (path[0] === 'auth' && path[1] !== 'ticket') return this.#authenticate(path[1] ?? '', body);
    if (!this.#accepts(new Headers(init.headers).get('authorization')?.replace('Bearer ', ''))) {
      return json(401, refusal(401, 'UNAUTHENTICATED'));
    }
    if (path[0] === 'auth') return json(201, { ticket: this.token() });
    if (path[0] === 'users') return json(200, this.user);
    const [, conversationId = '', collection, seq, , emoji] = path;
    const data = { ...body, conversationId, ...(seq === undefined ? {} : { seq: Number(seq) }), emoji };
    const method = init.method ?? 'GET';
    if (collection === 'messages' && method === 'GET') return json(200, this.#page(conversationId));
    const action =
      collection === 'receipts'
        ? 'receipt.update'
        : emoji === undefined
          ? { POST: 'message.send', PATCH: 'message.edit', DELETE: 'message.delete' }[method]
          : { PUT: 'reaction.add', DELETE: 'reaction.remove' }[method];
    const outcome = this.#act(action ?? '', data);
    if ('data' in outcome) return json(200, outcome.data);
    if (outcome.problem.status !== 429 || !this.#options.throttlesInHeaders) {
      return json(outcome.problem.status, outcome.problem);
    }
    const seconds = Math.ceil(Number((outcome.problem as { retryAfterMs?: number }).retryAfterMs) / 1000);
    return new Response('Too many', { status: 429, headers: { 'retry-after': String(seconds) } });
  };

  get WebSocket(): typeof globalThis.WebSocket {
    return ModelServer.#socketOf(this);
  }

  static #socketOf(server: ModelServer): typeof globalThis.WebSocket {
    return class extends FakeWebSocket {
      constructor(url: string, protocols: readonly string[]) {
        super(url, protocols);
        server.attempts.sockets += 1;
        const token = new URL(url).searchParams.get('ticket') ?? protocols[1]?.replace('bearer.', '');
        queueMicrotask(() => {
          if (!server.online || !server.#options.sockets || !server.#accepts(token)) return this.drop();
          server.#sockets.add(this);
          this.open();
        });
      }
      override send(text: string): void {
        const { action, ref, data } = JSON.parse(text) as SentFrame;
        queueMicrotask(() => {
          if (!server.#sockets.has(this)) return;
          if (action === 'hello') {
            this.push({ type: 'welcome', ref, data: { ...welcome(), since: 'since' } });
            return this.push(syncPage([]));
          }
          if (action === 'ping') {
            return this.push({ type: 'pong', ref, data: { serverTime: new Date().toISOString() } });
          }
          const outcome = server.#act(action, data);
          if ('data' in outcome) this.push({ type: 'ack', ref, data: outcome.data });
          else this.push({ type: 'error', ref, problem: outcome.problem });
        });
      }
    } as unknown as typeof globalThis.WebSocket;
  }

  addMessage(conversationId: string, text: string): Message {
    return this.#store(conversationId, { text, clientMessageId: `bob ${conversationId} ${text}` }, 'bob');
  }

  #accepts(token: string | undefined): boolean {
    return Number(token?.split(' ')[1] ?? 0) > Date.now();
  }

  #authenticate(operation: string, body: Data): Response {
    if (operation === 'refresh' && body['refreshToken'] !== `refresh ${this.#refreshToken}`) {
      return json(401, refusal(401, 'INVALID_REFRESH_TOKEN'));
    }
    if (operation === 'refresh') this.#refreshToken += 1;
    const tokens = { accessToken: this.token(), refreshToken: `refresh ${this.#refreshToken}`, user: this.user };
    return json(200, { ...tokens, expiresIn: this.#options.tokenMs / 1000, deviceToken: 'device' });
  }

  #page(conversationId: string) {
    const items = this.messages.get(conversationId) ?? [];
    return { items, nextCursor: null, covers: { after: 0, through: this.logOf(conversationId).length } };
  }

  #act(action: string, data: Data): Outcome {
    const conversationId = String(data['conversationId']);
    const message = this.messages.get(conversationId)?.find(({ seq }) => seq === data['seq']);
    switch (action) {
      case 'message.send':
        return this.#throttle(conversationId) ?? { data: this.#store(conversationId, data, this.user.id) };
      case 'message.edit':
      case 'message.delete': {
        if (message === undefined) return { problem: refusal(404, 'MESSAGE_NOT_FOUND') };
        const id = action === 'message.edit' ? String(data['clientMessageId']) : `delete ${message.seq}`;
        const text = action === 'message.edit' ? String(data['text']) : '';
        const words = action === 'message.edit' ? `edit ${message.seq}: ${text}` : `delete ${message.seq}`;
        return { data: this.#once(id, message, words, { text }) };
      }
      case 'reaction.add':
      case 'reaction.remove': {
        if (message === undefined) return { problem: refusal(404, 'MESSAGE_NOT_FOUND') };
        this.#once(`${action} ${message.seq}`, message, `${action} ${message.seq}`, {});
        const updatedSeq = this.logOf(conversationId).length;
        return { data: { conversationId, messageSeq: message.seq, seq: updatedSeq, updatedSeq, reactions: [] } };
      }
      case 'receipt.update': {
        const readSeq = Number(data['readSeq'] ?? 0);
        this.receipts.push({ conversationId, readSeq });
        this.read.set(conversationId, Math.max(this.read.get(conversationId) ?? 0, readSeq));
        return { data: { conversationId, readSeq, deliveredSeq: readSeq, unreadCount: 0, lastSeq: readSeq } };
      }
      default:
        return { problem: refusal(404, 'NOT_FOUND') };
    }
  }

  #throttle(conversationId: string): Outcome | undefined {
    const now = Date.now();
    const recent = (this.#acceptedAt.get(conversationId) ?? []).filter((at) => at > now - minute);
    if (now < (this.#openAt.get(conversationId) ?? 0)) this.attempts.tooEarly += 1;
    if (recent.length >= this.#options.perMinute) {
      this.attempts.throttled += 1;
      const retryAfterMs = Math.min(...recent) + minute - now;
      this.#openAt.set(conversationId, now + retryAfterMs);
      return { problem: refusal(429, 'THROTTLED', { retryable: true, retryAfterMs }) };
    }
    this.#acceptedAt.set(conversationId, [...recent, now]);
    return undefined;
  }

  #store(conversationId: string, data: Data, senderId: string): Message {
    const clientMessageId = String(data['clientMessageId']);
    const before = this.#stored.get(clientMessageId);
    if (before !== undefined) return before;
    const seq = this.#append(conversationId, String(data['text']));
    const base = { conversationId, seq, senderId, clientMessageId, createdAt: new Date().toISOString() };
    const message: Message = { ...base, type: 'text', text: String(data['text']), status: 'sent', updatedSeq: seq };
    this.messages.set(conversationId, [...(this.messages.get(conversationId) ?? []), message]);
    this.#stored.set(clientMessageId, message);
    return message;
  }

  #once(id: string, message: Message, words: string, change: Partial<Message>): Message {
    const before = this.#stored.get(id);
    if (before !== undefined) return before;
    const updatedSeq = this.#append(message.conversationId, words);
    const after = { ...message, ...change, updatedSeq };
    const all = this.messages.get(message.conversationId) ?? [];
    this.messages.set(
      message.conversationId,
      all.map((each) => (each.seq === message.seq ? after : each)),
    );
    this.#stored.set(id, after);
    return after;
  }

  #append(conversationId: string, words: string): number {
    const log = [...this.logOf(conversationId), words];
    this.log.set(conversationId, log);
    return log.length;
  }
}
