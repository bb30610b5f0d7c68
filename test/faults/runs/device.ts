import { WebSocket } from 'ws';
import { type ChatClient, createChatClient } from '../../../shared/client/chat-client.ts';
import type { CallRoute } from '../../../shared/client/http.ts';
import { NetworkError } from '../../../shared/client/network-error.ts';
import { RefusedError } from '../../../shared/client/refused-error.ts';
import { conversationsOf, messagesIn } from '../../../shared/client/chat-state-rules.ts';
import type { Conversation } from '../../../shared/contract/schemas/conversation.ts';
import type { Message } from '../../../shared/contract/schemas/message.ts';
import type { SeenMessage, SentMessage } from '../history/history.ts';
import { DeviceChanges } from './device-changes.ts';
import { seenOf } from './seen.ts';

export interface DeviceOptions {
  readonly name: string;
  readonly url: string;
  readonly login: { readonly tenant: string; readonly username: string; readonly password: string };
  readonly emoji: string;
  readonly random: () => number;
}

/** Without news for this long, a wait ends. */
const patienceMs = 60_000;

const mostAttempts = 20;

async function patiently<Answer>(ask: () => Promise<Answer>): Promise<Answer> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await ask();
    } catch (error) {
      const failed = error instanceof NetworkError || (error instanceof RefusedError && error.problem.status >= 500);
      if (!failed || attempt === mostAttempts) throw error;
    }
  }
}

export class Device {
  readonly name: string;
  readonly changes: DeviceChanges;
  readonly #random: () => number;
  readonly #received = new Map<string, SeenMessage[]>();
  readonly #sent = new Map<string, { message: SentMessage; stored: Promise<Message> }[]>();
  readonly #sockets: Set<WebSocket>;
  readonly #client: ChatClient;
  readonly #lookouts = new Set<() => void>();

  private constructor(options: DeviceOptions, client: ChatClient, sockets: Set<WebSocket>) {
    this.name = options.name;
    this.#random = options.random;
    this.#client = client;
    this.#sockets = sockets;
    this.changes = new DeviceChanges(client, options.name, options.emoji, options.random);
    client.on('connection', () => this.#look());
    client.on('change', () => this.#look());
    client.on('message', (message) => {
      if (message.type === 'system') return;
      this.#received.set(message.conversationId, [...this.received(message.conversationId), seenOf(message)]);
      this.#look();
    });
  }

  static async start(options: DeviceOptions): Promise<Device> {
    const sockets = new Set<WebSocket>();
    /** The browser's class cannot drop a connection without a close frame. */
    class BreakableWebSocket extends WebSocket {
      constructor(url: string, protocols: string[]) {
        super(url, protocols);
        sockets.add(this);
        this.on('close', () => sockets.delete(this));
        this.on('error', () => undefined);
      }
    }
    const client = await createChatClient({
      url: options.url,
      login: options.login,
      WebSocket: BreakableWebSocket as unknown as typeof globalThis.WebSocket,
      random: options.random,
      pingEveryMs: 1500,
      requestTimeoutMs: 2000,
      deadAfterMs: 4000,
    });
    return new Device(options, client, sockets);
  }

  get userId(): string {
    return this.#client.user.id;
  }

  get call(): CallRoute {
    const { call } = this.#client;
    return ((route: never, request: never) => patiently(() => call(route, request))) as CallRoute;
  }

  async open(conversationId: string): Promise<void> {
    await patiently(() => this.#client.open(conversationId));
  }

  async startDirect(userId: string): Promise<string> {
    return (await patiently(() => this.#client.startDirect(userId))).id;
  }

  send(conversationId: string, text: string): void {
    const { stored, localId } = this.#client.messages.send(conversationId, text);
    const message: SentMessage = {
      senderId: this.userId,
      writer: this.name,
      clientMessageId: localId,
      text,
      acks: [],
      refused: false,
    };
    const sent = this.#sent.get(conversationId) ?? [];
    this.#sent.set(conversationId, [...sent, { message, stored }]);
    const changeable = ({ seq }: Message) => this.changes.stored(conversationId, seq, text);
    stored.then(changeable, () => undefined);
  }

  connected(): Promise<void> {
    return this.#until(() => this.#client.connection === 'connected');
  }

  /** Ends all connections, with or without a close frame. */
  cut(): void {
    for (const socket of this.#sockets) {
      if (this.#random() < 0.7) socket.terminate();
      else socket.close();
    }
    setTimeout(() => this.#client.wake(), this.#random() * 20);
  }

  async hears(conversationId: string, count: number): Promise<void> {
    this.#client.wake();
    await this.#until(() => this.received(conversationId).length >= count);
  }

  /** Resolves once the device has the expected versions, or after a time without news. */
  async settles(conversationId: string, messages: readonly SeenMessage[]): Promise<void> {
    const expected = JSON.stringify(messages);
    await this.#until(() => JSON.stringify(this.held(conversationId)) === expected, patienceMs);
  }

  held(conversationId: string): readonly SeenMessage[] {
    return messagesIn(this.#client.state, conversationId)
      .filter(({ type }) => type !== 'system')
      .map(seenOf);
  }

  inbox(): readonly Conversation[] {
    return conversationsOf(this.#client.state);
  }

  async loadInbox(): Promise<void> {
    await patiently(() => this.#client.conversations());
  }

  read(conversationId: string): void {
    const last = this.held(conversationId).at(-1);
    if (last !== undefined) this.#client.receipts.markRead(conversationId, last.seq);
  }

  async startGroup(name: string, userIds: readonly string[]): Promise<string> {
    const participants = userIds.map((userId) => ({ userId }));
    return (await this.#client.groups.create({ name, participants })).id;
  }

  get groups(): ChatClient['groups'] {
    return this.#client.groups;
  }

  async news(withinMs: number): Promise<void> {
    let looked = 0;
    await this.#until(() => {
      looked += 1;
      return looked > 1;
    }, withinMs);
  }

  received(conversationId: string): readonly SeenMessage[] {
    return this.#received.get(conversationId) ?? [];
  }

  sentCount(conversationId: string): number {
    return this.#sent.get(conversationId)?.length ?? 0;
  }

  async sent(conversationId: string): Promise<readonly SentMessage[]> {
    return Promise.all(
      (this.#sent.get(conversationId) ?? []).map(async ({ message, stored }) => {
        const { seq, clientMessageId } = await stored;
        return { ...message, clientMessageId, acks: [seq] };
      }),
    );
  }

  close(): void {
    this.#client.close();
  }

  #look(): void {
    for (const look of [...this.#lookouts]) look();
  }

  /** @param withinMs - resolves after this time without news. */
  async #until(holds: () => boolean, withinMs?: number): Promise<void> {
    if (holds()) return;
    await new Promise<void>((resolve) => {
      const end = (): void => {
        clearTimeout(patience);
        this.#lookouts.delete(look);
        resolve();
      };
      const wait = () => (withinMs === undefined ? undefined : setTimeout(end, withinMs));
      let patience = wait();
      const look = (): void => {
        clearTimeout(patience);
        if (holds()) return end();
        patience = wait();
      };
      this.#lookouts.add(look);
    });
  }
}
