import type { MessageReactions } from '../contract/messages/reactions.ts';
import type { Message } from '../contract/schemas/message.ts';

/**
 * What is known of one message. Its content and its reactions come separately, each with the number of the entry that
 * made it so; of each the one with the higher number counts, so that the order in which they come does not matter.
 */
export interface MessageVersions {
  readonly seq: number;
  /** The newest content with the newest reactions; absent while only reactions are known. */
  readonly message?: Message;
  /** Number of the entry that made the content so; 0 if there is none. */
  readonly contentSeq: number;
  /** Number of the entry that made the reactions so. */
  readonly reactionsSeq: number;
  readonly reactions: Message['reactions'];
}

const ranks = { sent: 0, delivered: 1, read: 2 } as const;

export function unknownMessage(seq: number): MessageVersions {
  return { seq, contentSeq: 0, reactionsSeq: 0, reactions: undefined };
}

/** Takes a message as it was told. Nothing new is the same value. */
export function withMessage(known: MessageVersions, told: Message): MessageVersions {
  // A server before edits knew no `updatedSeq`.
  const toldSeq = told.updatedSeq ?? told.seq;
  const isNewer = toldSeq > known.contentSeq;
  const status = furtherStatus(known.message?.status, told.status);
  if (!isNewer && status === known.message?.status) return known;
  const content = isNewer ? told : (known.message ?? told);
  const hasNewerReactions = toldSeq > known.reactionsSeq;
  return shown({
    seq: known.seq,
    message: { ...content, status },
    contentSeq: Math.max(toldSeq, known.contentSeq),
    reactionsSeq: Math.max(toldSeq, known.reactionsSeq),
    reactions: hasNewerReactions ? told.reactions : known.reactions,
  });
}

/** Takes all reactions of the message as they were told. Nothing new is the same value. */
export function withReactions(known: MessageVersions, { updatedSeq, reactions }: MessageReactions): MessageVersions {
  if (updatedSeq <= known.reactionsSeq) return known;
  return shown({ ...known, reactionsSeq: updatedSeq, reactions });
}

function shown(versions: MessageVersions): MessageVersions {
  if (versions.message === undefined) return versions;
  const { reactions: _, ...content } = versions.message;
  const reactions = versions.reactions?.length === 0 ? undefined : versions.reactions;
  const updatedSeq = Math.max(versions.contentSeq, versions.reactionsSeq);
  return { ...versions, message: { ...content, ...(reactions && { reactions }), updatedSeq } };
}

/** The one that is further on. */
export function furtherStatus(one: Message['status'] | undefined, other: Message['status']): Message['status'] {
  return one !== undefined && ranks[one] > ranks[other] ? one : other;
}
