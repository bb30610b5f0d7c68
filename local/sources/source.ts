/** A stream or queue that feeds a function. */
export interface Source {
  readonly description: string;
  start(): void;
  /** Resolves when everything that it has now is processed. */
  drained(): Promise<void>;
  stop(): Promise<void>;
}
