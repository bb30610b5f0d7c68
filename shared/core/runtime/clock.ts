/** Milliseconds since the epoch. The one place that reads the clock of the machine. */
export function now(): number {
  return Date.now();
}

/** ISO 8601 with milliseconds, UTC: the form of every time that leaves the system. */
export function toTimestamp(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}
