import { vi } from 'vitest';

export interface SentFrame {
  readonly action: string;
  readonly ref: string;
  readonly data: Readonly<Record<string, unknown>>;
}

export class FakeWebSocket {
  readonly url: string;
  readonly protocols: readonly string[];
  readonly sent: SentFrame[] = [];
  readonly #listeners = new Map<string, Set<(event: { data?: unknown }) => void>>();
  closed = false;

  constructor(url: string, protocols: readonly string[]) {
    this.url = url;
    this.protocols = protocols;
  }

  addEventListener(name: string, listener: (event: { data?: unknown }) => void): void {
    const listeners = this.#listeners.get(name) ?? new Set();
    this.#listeners.set(name, listeners.add(listener));
  }

  send(text: string): void {
    this.sent.push(JSON.parse(text) as SentFrame);
  }

  close(): void {
    this.drop();
  }

  open(): void {
    this.#emit('open');
  }

  drop(): void {
    if (this.closed) return;
    this.closed = true;
    this.#emit('error');
    this.#emit('close');
  }

  push(frame: unknown): void {
    this.#emit('message', { data: typeof frame === 'string' ? frame : JSON.stringify(frame) });
  }

  answer(action: string, type: string, data: unknown): void {
    this.push({ type, ref: this.#last(action).ref, data });
  }

  refuse(action: string, problem: unknown): void {
    this.push({ type: 'error', ref: this.#last(action).ref, problem });
  }

  #last(action: string): SentFrame {
    const frame = this.sent.findLast((sent) => sent.action === action);
    if (frame === undefined) throw new Error(`No ${action} was sent`);
    return frame;
  }

  #emit(name: string, event: { data?: unknown } = {}): void {
    for (const listener of this.#listeners.get(name) ?? []) listener(event);
  }
}

export function fakeWebSockets() {
  const sockets: FakeWebSocket[] = [];
  const WebSocket = vi.fn(function (url: string, protocols: readonly string[]) {
    const socket = new FakeWebSocket(url, protocols);
    sockets.push(socket);
    return socket;
  }) as unknown as typeof globalThis.WebSocket;
  return { sockets, WebSocket };
}

export function welcome(limits: Readonly<Record<string, unknown>> = {}) {
  return {
    serverTime: new Date().toISOString(),
    connectionId: 'connection-1',
    limits: {
      textLength: 2000,
      messagesPerMinute: 10,
      frameBytes: 32_768,
      pingEveryMs: 240_000,
      reconnectAfterMs: 6_600_000,
      ...limits,
    },
  };
}

export function messageEvent(conversationId: string, seq: number, senderId = 'bob') {
  const at = new Date(seq).toISOString();
  const text = `message ${seq}`;
  const data = {
    conversationId,
    seq,
    senderId,
    type: 'text',
    text,
    clientMessageId: `id-${seq}`,
    status: 'sent',
    createdAt: at,
    updatedSeq: seq,
  };
  return { v: 1, type: 'message.created', conversationId, seq, at, data };
}

export function syncPage(events: readonly unknown[], complete = true) {
  return { type: 'sync.page', data: { events, complete } };
}
