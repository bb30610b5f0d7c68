import { WebSocket } from 'ws';
import { type ChatClient, createChatClient } from '../../../shared/client/chat-client.ts';
import type { Message } from '../../../shared/contract/schemas/message.ts';
import type { SeenMessage, SentMessage } from '../history/history.ts';
import { seenOf } from './seen.ts';

export interface DeviceOptions {
  readonly name: string;
  readonly url: string;
  readonly login: { readonly tenant: string; readonly username: string; readonly password: string };
  readonly random: () => number;
}

/** A person's device with the real client, whose connections can be cut, and what it sent and was told. */
export class Device {
  readonly name: string;
  readonly #random: () => number;
  readonly #told = new Map<string, SeenMessage[]>();
  readonly #sent = new Map<string, { message: SentMessage; stored: Promise<Message> }[]>();
  readonly #sockets: Set<WebSocket>;
  readonly #client: ChatClient;
  #look: () => void = () => undefined;

  private constructor(options: DeviceOptions, client: ChatClient, sockets: Set<WebSocket>) {
    this.name = options.name;
    this.#random = options.random;
    this.#client = client;
    this.#sockets = sockets;
    client.on('state', () => this.#look());
    client.on('message', (message) => {
      this.#told.set(message.conversationId, [...this.told(message.conversationId), seenOf(message)]);
      this.#look();
    });
  }

  static async start(options: DeviceOptions): Promise<Device> {
    const sockets = new Set<WebSocket>();
    /** The platform's class has no way to break off a connection. */
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
      // What a page or a frame loses is looked for soon, so that the end of a run is not waited for.
      pingEveryMs: 1500,
      requestTimeoutMs: 2000,
      deadAfterMs: 4000,
    });
    return new Device(options, client, sockets);
  }

  get userId(): string {
    return this.#client.user.id;
  }

  get call(): ChatClient['call'] {
    return this.#client.call;
  }

  async open(conversationId: string): Promise<void> {
    await this.#client.open(conversationId);
  }

  async startDirect(userId: string): Promise<string> {
    return (await this.#client.startDirect(userId)).id;
  }

  /** Sends a message, whatever becomes of the connection. */
  send(conversationId: string, text: string): void {
    const { stored, localId } = this.#client.send(conversationId, text);
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
  }

  /** Resolves once the device is connected. */
  connected(): Promise<void> {
    return this.#until(() => this.#client.state === 'connected');
  }

  /** Breaks the connection off: with or without a word to the server. The device notices that the network is back. */
  cut(): void {
    for (const socket of this.#sockets) {
      if (this.#random() < 0.7) socket.terminate();
      else socket.close();
    }
    setTimeout(() => this.#client.wake(), this.#random() * 20);
  }

  /** Resolves once this many messages of a conversation were told. */
  async hears(conversationId: string, count: number): Promise<void> {
    this.#client.wake();
    await this.#until(() => this.told(conversationId).length >= count);
  }

  /** What was told of a conversation since it was opened. */
  told(conversationId: string): readonly SeenMessage[] {
    return this.#told.get(conversationId) ?? [];
  }

  sentCount(conversationId: string): number {
    return this.#sent.get(conversationId)?.length ?? 0;
  }

  /** What was sent, with its answers: waits for them. */
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

  async #until(holds: () => boolean): Promise<void> {
    if (holds()) return;
    await new Promise<void>((resolve) => {
      const before = this.#look;
      this.#look = () => {
        before();
        if (!holds()) return;
        this.#look = before;
        resolve();
      };
    });
  }
}
