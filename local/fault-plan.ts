/** What can be done to an AWS call, or to a client's frame. */
export type Fault =
  | { readonly kind: 'kill-before' }
  | { readonly kind: 'kill-after' }
  | { readonly kind: 'lose-reply' }
  | { readonly kind: 'throttle' }
  | { readonly kind: 'delay'; readonly ms: number }
  /** The call is held back until something else is done. */
  | { readonly kind: 'wait'; readonly until: Promise<void> }
  /** Every second entry of a batch call (PutEvents, SendMessageBatch …) fails in an answer of status 200. */
  | { readonly kind: 'partial-failure' }
  | { readonly kind: 'status'; readonly status: number; readonly code: string };

/** A call that is about to be made; its parts mean what they mean in the record of a call. */
export interface PlannedCall {
  readonly id: number;
  readonly functionName: string;
  readonly invocationId?: string;
  readonly service: string;
  readonly operation: string;
  readonly resource: string;
  /** The parsed body of services that take JSON: keys, items, texts. */
  readonly input: Readonly<Record<string, unknown>>;
}

export interface FaultPlan {
  /** Decides on a call before it is made; nothing means no fault. */
  onCall?(call: PlannedCall): Fault | undefined;
  /** Milliseconds by which a client's frame is held back before its invocation; frames of one client overtake one another. */
  onFrame?(connectionId: string, frame: string): number | undefined;
  /**
   * True lets an eventually consistent read, or one of an index, see items as they were before their newest write.
   * Reads with ConsistentRead are never asked about.
   */
  staleRead?(table: string, index: string | undefined, operation: string): boolean;
  /** How often a bus event is delivered to a rule's target: 1 if absent, 2 is a duplicate. */
  deliveries?(ruleName: string, eventId: string): number;
  /**
   * What a function gets from a stream or a queue besides a batch, just before it, as "at least once" allows: the batch
   * itself, the batch in another order (a stream keeps that of each item), or one that it has had before.
   */
  additionalBatch?(source: 'stream' | 'queue', functionName: string): 'copy' | 'reordered' | 'earlier' | undefined;
  /** True drops the `$disconnect` of this connection. */
  dropDisconnect?(connectionId: string): boolean;
  /**
   * Asked whenever a role's own policies are: true makes them say nothing about this action on this resource, as if the
   * grants for it were not in the template.
   */
  withholds?(roleArn: string, action: string, resource: string): boolean;
}
