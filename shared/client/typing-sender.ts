/** The server passes on one in two seconds; for the others it ends after six. */
const throttleMs = 2_000;

/** Tells that the user types, not more often than is passed on. */
export class TypingSender {
  readonly #send: (conversationId: string, isTyping: boolean) => void;
  readonly #saidAt = new Map<string, number>();

  constructor(send: (conversationId: string, isTyping: boolean) => void) {
    this.#send = send;
  }

  /** A key was pressed. */
  typing(conversationId: string): void {
    const saidAt = this.#saidAt.get(conversationId);
    const agoMs = Date.now() - (saidAt ?? -Infinity);
    // Negative after the device's clock was set back.
    if (agoMs >= 0 && agoMs < throttleMs) return;
    this.#saidAt.set(conversationId, Date.now());
    this.#send(conversationId, true);
  }

  /** The text was taken back, or sent: then the message says it. */
  stopped(conversationId: string, isSent = false): void {
    if (!this.#saidAt.delete(conversationId) || isSent) return;
    this.#send(conversationId, false);
  }
}
