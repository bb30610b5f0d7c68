export type ViolationKind =
  /** Acknowledged, but not in the log. */
  | 'lost'
  /** Twice in the log or at a client, or with two numbers in answers. */
  | 'repeated'
  /** A missing number in the log or at a client. */
  | 'gap'
  /** The log breaks a writer's order, or a client breaks the log's. */
  | 'inversion'
  /** An answer and the log have different numbers. */
  | 'misplaced'
  /** Finally rejected, but in the log. */
  | 'refused-but-stored'
  /** No user sent or requested it. */
  | 'invented'
  /** A client differs from the log. */
  | 'divergence'
  /** The table's message differs from the original with all changes applied. */
  | 'unfolded'
  | 'changed-after-deletion';

export interface Violation {
  readonly kind: ViolationKind;
  readonly conversationId: string;
  readonly detail: string;
}

export type Report = (kind: ViolationKind, detail: string) => void;
