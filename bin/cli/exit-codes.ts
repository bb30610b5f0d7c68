/** What the command line ends with. Told by `npx switchboard --help`; never renumbered. */
export const exitCodes = {
  done: 0,
  /** It was refused, or something failed. */
  refused: 1,
  /** The command line itself is wrong. */
  usage: 2,
  /** There is no deployment, or it does not answer. */
  unreachable: 3,
} as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];
