/** A figure and its limit. */
export interface Bound {
  readonly name: string;
  readonly measured: number;
  readonly atMost: number;
  readonly unit?: string;
  /** A time of the machine, which is printed but never fails the command. */
  readonly timed?: true;
}

/** Returns false for a figure that was not measured. */
export function holds({ measured, atMost }: Bound): boolean {
  // Sums of binary fractions are not exact.
  return measured <= atMost + 1e-9;
}

/** The bounds that fail the command. */
export function brokenBounds(bounds: readonly Bound[]): readonly Bound[] {
  return bounds.filter((bound) => bound.timed !== true && !holds(bound));
}
