export type ViolationKind =
  /** An acknowledged message, or change of one, is not in the log. */
  | 'lost'
  /** A message or a change is in the log twice, two answers named different numbers, or a client was told twice. */
  | 'repeated'
  /** A number is missing in the log, or in what a client was told. */
  | 'gap'
  /** What one writer did stands in another order than it was done in, or a client was told in another order. */
  | 'inversion'
  /** An answer named another number than the message or the change has. */
  | 'misplaced'
  /** A message or a change was refused for good and is in the log nevertheless. */
  | 'refused-but-stored'
  /** A message that nobody sent, or with another text than was sent; a change that nobody asked for. */
  | 'invented'
  /** A client was told, or knows in the end, something else than the log has. */
  | 'divergence'
  /** The changes of a message, replayed over what it said, make something else of it than the table holds. */
  | 'unfolded'
  /** A message was changed that was deleted before. */
  | 'changed-after-deletion';

export interface Violation {
  readonly kind: ViolationKind;
  readonly conversationId: string;
  readonly detail: string;
}

export type Report = (kind: ViolationKind, detail: string) => void;
