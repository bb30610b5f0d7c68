/** Something that feeds functions: a stream, a queue. */
export interface Source {
  readonly description: string;
  start(): void;
  /** Resolves once everything that is there now has been worked on. */
  drained(): Promise<void>;
  stop(): Promise<void>;
}
