/** Only `markedUnread` can decrease. */
export interface Progress {
  readonly deliveredSeq: number;
  readonly readSeq: number;
  /** The count of the log at `readSeq`, or at joining if that is higher. */
  readonly readCount: number;
  readonly markedUnread: number;
}

export interface CountedPosition {
  readonly seq: number;
  readonly count: number;
}

export const noProgress: Progress = { deliveredSeq: 0, readSeq: 0, readCount: 0, markedUnread: 0 };

export function delivered(progress: Progress, seq: number): Progress {
  return seq <= progress.deliveredSeq ? progress : { ...progress, deliveredSeq: seq };
}

/** Reading up to `readSeq` again removes an unread mark. */
export function read(progress: Progress, { seq, count }: CountedPosition): Progress {
  if (seq > progress.readSeq) {
    return { deliveredSeq: Math.max(progress.deliveredSeq, seq), readSeq: seq, readCount: count, markedUnread: 0 };
  }
  return seq === progress.readSeq && progress.markedUnread > 0 ? { ...progress, markedUnread: 0 } : progress;
}

/** An older message does not remove a newer unread mark. */
export function wrote(progress: Progress, own: CountedPosition): Progress {
  return own.seq > progress.readSeq ? read(progress, own) : progress;
}

/** Replaces an earlier mark. */
export function marked(progress: Progress, count: number, sinceCount: number): Progress {
  // A mark from before the user joined again has a lower count, so `unreadOf` ignores it.
  return { ...progress, markedUnread: count, readCount: Math.max(progress.readCount, sinceCount) };
}

/**
 * The user's own messages never count.
 * @param count - the log's count at its end.
 * @param sinceCount - the count when the user joined.
 */
export function unreadOf(progress: Progress, count: number, sinceCount: number): number {
  const isMarkValid = progress.readCount >= sinceCount;
  return (isMarkValid ? progress.markedUnread : 0) + Math.max(0, count - Math.max(progress.readCount, sinceCount));
}

export function isSame(first: Progress, second: Progress): boolean {
  return (
    first.deliveredSeq === second.deliveredSeq &&
    first.readSeq === second.readSeq &&
    first.readCount === second.readCount &&
    first.markedUnread === second.markedUnread
  );
}
