/** A fault of an AWS call. */
export type Fault =
  | { readonly kind: 'kill-before' }
  | { readonly kind: 'kill-after' }
  | { readonly kind: 'lose-reply' }
  | { readonly kind: 'throttle' }
  | { readonly kind: 'delay'; readonly ms: number }
  /** Holds the call back until a promise resolves. */
  | { readonly kind: 'wait'; readonly until: Promise<void> }
  /** Fails every second entry of a batch call (PutEvents, SendMessageBatch …) in an answer of status 200. */
  | { readonly kind: 'partial-failure' }
  | { readonly kind: 'status'; readonly status: number; readonly code: string };

/** A call that has not been made yet. Its fields have the same meaning as in `AwsCall`. */
export interface PlannedCall {
  readonly id: number;
  readonly functionName: string;
  readonly invocationId?: string;
  readonly service: string;
  readonly operation: string;
  readonly resource: string;
  /** The parsed JSON body. */
  readonly input: Readonly<Record<string, unknown>>;
}

export interface FaultPlan {
  /** Decides on a fault for a call. */
  onCall?(call: PlannedCall): Fault | undefined;
  /**
   * Returns the milliseconds by which a client's frame is delayed. Later frames of the client can then overtake it.
   */
  onFrame?(connectionId: string, frame: string): number | undefined;
  /**
   * If true, an eventually consistent read, or a read of an index, returns items as they were before their newest
   * write.
   */
  staleRead?(table: string, index: string | undefined, operation: string): boolean;
  /** Returns how often a bus event is delivered to a rule's target; 1 if absent. */
  deliveries?(ruleName: string, eventId: string): number;
  /**
   * Chooses a batch to deliver before a batch, as "at least once" allows: the same batch, the same in another order (a
   * stream keeps the order of each item), or an earlier one.
   */
  additionalBatch?(source: 'stream' | 'queue', functionName: string): 'copy' | 'reordered' | 'earlier' | undefined;
  /** If true, the `$disconnect` of this connection is dropped. */
  dropDisconnect?(connectionId: string): boolean;
  /** If true, a role's own policies do not grant this action on this resource. */
  withholds?(roleArn: string, action: string, resource: string): boolean;
}
