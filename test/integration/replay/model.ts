import type { Frame } from '../raw-client.ts';

/** What a client knows of one conversation's timeline: of each message the version that changed last. */
export class TimelineModel {
  readonly #messages = new Map<number, Frame>();
  readonly seqs = new Set<number>();

  constructor(messages: readonly Frame[]) {
    for (const message of messages) this.#keep(message);
  }

  apply(event: Frame): void {
    if (event.seq !== undefined) this.seqs.add(event.seq);
    switch (event.type) {
      case 'message.created':
      case 'message.updated':
      case 'message.deleted':
      case 'conversation.updated':
        this.#keep(event.data);
        return;
      case 'reaction.updated': {
        const known = this.#messages.get(event.data.messageSeq);
        const { reactions, updatedSeq } = event.data;
        // One without reactions has no such member.
        const { reactions: _, ...rest } = known ?? {};
        if (known !== undefined) this.#keep({ ...rest, ...(reactions.length > 0 ? { reactions } : {}), updatedSeq });
      }
    }
  }

  /** Ascending; `status` is not of the timeline, events always say `sent`. */
  messages(): Frame[] {
    return [...this.#messages.values()]
      .sort((one, other) => one.seq - other.seq)
      .map((message) => ({ ...message, status: undefined }));
  }

  #keep(message: Frame): void {
    const known = this.#messages.get(message.seq);
    if (known === undefined || known.updatedSeq <= message.updatedSeq) this.#messages.set(message.seq, message);
  }
}
