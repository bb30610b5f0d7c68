/** A sound without metadata of its maker, program or player. */
export interface CleanSound {
  readonly bytes: Uint8Array;
  readonly durationMs: number;
}
