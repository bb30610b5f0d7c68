/** The server forwards typing at most every two seconds. Other clients end it after six. */
const throttleMs = 2_000;

export class TypingSender {
  readonly #send: (conversationId: string, isTyping: boolean) => void;
  readonly #announcedAt = new Map<string, number>();

  constructor(send: (conversationId: string, isTyping: boolean) => void) {
    this.#send = send;
  }

  typing(conversationId: string): void {
    const agoMs = Date.now() - (this.#announcedAt.get(conversationId) ?? -Infinity);
    // Negative after the device's clock was set back.
    if (agoMs >= 0 && agoMs < throttleMs) return;
    this.#announcedAt.set(conversationId, Date.now());
    this.#send(conversationId, true);
  }

  /** @param isSent the message itself ends typing. */
  stopped(conversationId: string, isSent = false): void {
    if (!this.#announcedAt.delete(conversationId) || isSent) return;
    this.#send(conversationId, false);
  }
}
