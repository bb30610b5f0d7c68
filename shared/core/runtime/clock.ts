/** Milliseconds since the epoch. */
export function now(): number {
  return Date.now();
}

/** ISO 8601 in UTC, with milliseconds: the form of every time that leaves the system. */
export function toTimestamp(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}
