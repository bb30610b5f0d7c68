import { NetworkError } from '../../shared/client/network-error.ts';
import { RefusedError } from '../../shared/client/refused-error.ts';
import type { ProblemBody } from '../../shared/contract/kit/define-problem.ts';
import { type ExitCode, exitCodes } from './exit-codes.ts';
import { printable } from './terminal-text.ts';

export class CommandFailure extends Error {
  readonly exitCode: ExitCode;

  constructor(exitCode: ExitCode, message: string, options: { readonly cause?: unknown } = {}) {
    super(message, options);
    this.name = 'CommandFailure';
    this.exitCode = exitCode;
  }
}

/** Formats a problem with its fields as options: `/firstName` becomes `--first-name`. */
export function refusal(problem: ProblemBody): CommandFailure {
  const fields = (problem.errors ?? []).map(({ pointer, detail }) => `\n  ${optionOf(pointer)} ${detail}`);
  const text = fields.length === 0 ? problem.detail : problem.title;
  return new CommandFailure(exitCodes.refused, `${text}${fields.length > 0 ? ':' : ''}${fields.join('')}`);
}

export function reportOf(error: unknown): { readonly text: string; readonly exitCode: ExitCode } {
  const failure = error instanceof RefusedError ? refusal(error.problem) : error;
  if (failure instanceof CommandFailure) return { text: printable(failure.message), exitCode: failure.exitCode };
  if (failure instanceof NetworkError) return { text: `${failure.message}.`, exitCode: exitCodes.unreachable };
  const text = failure instanceof Error ? (failure.stack ?? failure.message) : String(failure);
  return { text: `Unexpected error: ${printable(text)}`, exitCode: exitCodes.refused };
}

function optionOf(pointer: string): string {
  const name = pointer.split('/').at(-1) ?? pointer;
  return `--${name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}
