export interface CleanSound {
  readonly bytes: Uint8Array;
  readonly durationMs: number;
}
