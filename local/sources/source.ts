export interface Source {
  readonly description: string;
  start(): void;
  /** Resolves when all current records are processed. */
  drained(): Promise<void>;
  stop(): Promise<void>;
}
