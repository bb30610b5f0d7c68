/** Milliseconds since the epoch. */
export function now(): number {
  return Date.now();
}

/** ISO 8601 in UTC, with milliseconds. */
export function toTimestamp(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}
