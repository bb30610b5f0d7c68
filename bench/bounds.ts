/** A figure and what it has to hold. */
export interface Bound {
  readonly name: string;
  readonly measured: number;
  readonly atMost: number;
  readonly unit?: string;
  /** A time of the machine: told, but not what the command fails by. */
  readonly timed?: true;
}

/** Whether it holds; what could not be measured does not. */
export function holds({ measured, atMost }: Bound): boolean {
  // Sums of binary fractions are not exact.
  return measured <= atMost + 1e-9;
}

/** The bounds that fail the command. */
export function brokenBounds(bounds: readonly Bound[]): readonly Bound[] {
  return bounds.filter((bound) => bound.timed !== true && !holds(bound));
}
