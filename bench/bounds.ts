export interface Bound {
  readonly name: string;
  readonly measured: number;
  readonly atMost: number;
  readonly unit?: string;
  /** Never fails the command. */
  readonly timed?: true;
}

/** False for a figure that was not measured. */
export function holds({ measured, atMost }: Bound): boolean {
  return measured <= atMost + 1e-9;
}

export function brokenBounds(bounds: readonly Bound[]): readonly Bound[] {
  return bounds.filter((bound) => bound.timed !== true && !holds(bound));
}
