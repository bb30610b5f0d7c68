/** A sound without what its maker, its program and its player say of it. */
export interface CleanSound {
  readonly bytes: Uint8Array;
  readonly durationMs: number;
}
