/** Documented in `--help`. Never change them. */
export const exitCodes = {
  done: 0,
  /** Request rejected, or check failed. */
  refused: 1,
  usage: 2,
  unreachable: 3,
} as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];
