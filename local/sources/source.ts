/** A stream or queue that feeds a function. */
export interface Source {
  readonly description: string;
  start(): void;
  /** Resolves when all current records or messages are processed. */
  drained(): Promise<void>;
  stop(): Promise<void>;
}
