/** The exit codes of the command line. They are documented in `npx switchboard --help` and never change. */
export const exitCodes = {
  done: 0,
  /** The request was rejected, or a check failed. */
  refused: 1,
  /** The arguments are wrong. */
  usage: 2,
  /** The deployment does not exist or does not answer. */
  unreachable: 3,
} as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];
