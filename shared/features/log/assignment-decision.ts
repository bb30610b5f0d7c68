/** Why an assignment was made, as its entry stores it. */
export interface AssignmentDecision {
  readonly rule: string;
  readonly forced?: true;
  /** The agent before. */
  readonly fromId?: string;
  /** At most 50 agents, the chosen one included. */
  readonly considered: readonly ConsideredAgent[];
}

export interface ConsideredAgent {
  readonly userId: string;
  readonly load: number;
  readonly maxConcurrent: number;
  readonly outcome: string;
}
