export type Fault =
  | { readonly kind: 'kill-before' }
  | { readonly kind: 'kill-after' }
  | { readonly kind: 'lose-reply' }
  | { readonly kind: 'throttle' }
  | { readonly kind: 'delay'; readonly ms: number }
  | { readonly kind: 'wait'; readonly until: Promise<void> }
  /** Fails every second entry of a batch call, with status 200. */
  | { readonly kind: 'partial-failure' }
  | { readonly kind: 'status'; readonly status: number; readonly code: string };

export interface PlannedCall {
  readonly id: number;
  readonly functionName: string;
  readonly invocationId?: string;
  readonly service: string;
  readonly operation: string;
  readonly resource: string;
  /** Parsed JSON. */
  readonly input: Readonly<Record<string, unknown>>;
}

export interface FaultPlan {
  onCall?(call: PlannedCall): Fault | undefined;
  /** Milliseconds. Later frames can overtake the delayed one. */
  onFrame?(connectionId: string, frame: string): number | undefined;
  /** If true, an eventually consistent read, or a read of an index, misses an item's newest write. */
  staleRead?(table: string, index: string | undefined, operation: string): boolean;
  /** Number of deliveries; 1 if absent. */
  deliveries?(ruleName: string, eventId: string): number;
  /** A batch to deliver first, as "at least once" allows. A stream keeps each item's order. */
  additionalBatch?(source: 'stream' | 'queue', functionName: string): 'copy' | 'reordered' | 'earlier' | undefined;
  dropDisconnect?(connectionId: string): boolean;
  /** Concerns the role's own policies. */
  withholds?(roleArn: string, action: string, resource: string): boolean;
}
