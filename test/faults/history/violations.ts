export type ViolationKind =
  /** An acknowledged message or change is not in the log. */
  | 'lost'
  /** A message or a change is in the log twice, has two numbers in answers, or reached a client twice. */
  | 'repeated'
  /** A number is missing in the log, or in the messages that a client received. */
  | 'gap'
  /** The log does not have the order of a writer, or a client received messages in another order. */
  | 'inversion'
  /** An answer has a different number from the message or the change in the log. */
  | 'misplaced'
  /** A message or a change was finally rejected but is in the log. */
  | 'refused-but-stored'
  /** No user sent this message, or with this text, or requested this change. */
  | 'invented'
  /** A client received, or has in the end, something different from the log. */
  | 'divergence'
  /** The original text with all changes applied differs from the message in the table. */
  | 'unfolded'
  /** A message was changed after its deletion. */
  | 'changed-after-deletion';

export interface Violation {
  readonly kind: ViolationKind;
  readonly conversationId: string;
  readonly detail: string;
}

export type Report = (kind: ViolationKind, detail: string) => void;
