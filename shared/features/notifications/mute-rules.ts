/** Exists while a user has muted a conversation. */
export interface MuteItem {
  /** Milliseconds since the epoch. Absent without an end. */
  readonly until?: number;
}

/** Milliseconds since the epoch; infinite without an end; 0 without a mute. */
export function mutedUntil(mute: MuteItem | undefined): number {
  return mute === undefined ? 0 : (mute.until ?? Infinity);
}
