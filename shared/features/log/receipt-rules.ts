/** How far a participant has come. The numbers only rise; what is marked as unread comes and goes. */
export interface Progress {
  readonly deliveredSeq: number;
  readonly readSeq: number;
  /** The log's running count at `readSeq`, or when the member came, if that is more. */
  readonly readCount: number;
  /** Messages of others up to `readSeq` that the user has marked as unread. */
  readonly markedUnread: number;
}

/** An entry's number, and the log's running count at it. */
export interface CountedPosition {
  readonly seq: number;
  readonly count: number;
}

export const noProgress: Progress = { deliveredSeq: 0, readSeq: 0, readCount: 0, markedUnread: 0 };

export function delivered(progress: Progress, seq: number): Progress {
  return seq <= progress.deliveredSeq ? progress : { ...progress, deliveredSeq: seq };
}

/** Reading up to the place that was reached already says nothing new, but ends a mark; less than that is old news. */
export function read(progress: Progress, { seq, count }: CountedPosition): Progress {
  if (seq > progress.readSeq) {
    return { deliveredSeq: Math.max(progress.deliveredSeq, seq), readSeq: seq, readCount: count, markedUnread: 0 };
  }
  return seq === progress.readSeq && progress.markedUnread > 0 ? { ...progress, markedUnread: 0 } : progress;
}

/** Who writes a message has read what was written before. Told once more, that ends no mark that was made since. */
export function wrote(progress: Progress, own: CountedPosition): Progress {
  return own.seq > progress.readSeq ? read(progress, own) : progress;
}

/** Marks messages as unread, in place of those that were marked before. */
export function marked(progress: Progress, count: number, sinceCount: number): Progress {
  // A mark from before the member left and came back is told by its count.
  return { ...progress, markedUnread: count, readCount: Math.max(progress.readCount, sinceCount) };
}

/**
 * Unread messages of others. An own message moves `readSeq` to itself, so none is ever counted.
 * @param count - the log's running count at its end.
 * @param sinceCount - that when the member came.
 */
export function unreadOf(progress: Progress, count: number, sinceCount: number): number {
  const isMarkValid = progress.readCount >= sinceCount;
  return (isMarkValid ? progress.markedUnread : 0) + Math.max(0, count - Math.max(progress.readCount, sinceCount));
}

export function isSame(one: Progress, other: Progress): boolean {
  return (
    one.deliveredSeq === other.deliveredSeq &&
    one.readSeq === other.readSeq &&
    one.readCount === other.readCount &&
    one.markedUnread === other.markedUnread
  );
}
