import type { OperationRequest } from '../system/operations.ts';
import type { Caller } from './caller.ts';
import type { IdValue } from './id-values.ts';

/** For a caller with access to the operation. */
export interface Expectation {
  readonly status: number;
  /** Absent for a success. */
  readonly code?: string;
  /** Cases with the same word must have byte-identical answers. */
  readonly alike?: string;
}

export interface Case extends Expectation {
  readonly name: string;
  readonly request: OperationRequest;
}

export interface Matrix {
  readonly own: (caller: Caller) => readonly Case[];
  /** By field: `path.conversationId`, `body.userId` … */
  readonly slots: Readonly<Record<string, (caller: Caller) => readonly Case[]>>;
}

export const malformed: Expectation = { status: 422, code: 'VALIDATION_FAILED' };

/** Must not reveal whether the id exists in another tenant. */
export function absent(status: number, code: string): Expectation {
  return { status, code, alike: 'absent' };
}

export function casesOf(
  slot: string,
  values: readonly IdValue[],
  notFound: Expectation,
  request: (value: string) => OperationRequest,
): readonly Case[] {
  return values.map(({ kind, value, form }) => ({
    name: `${slot} is ${kind}`,
    request: request(value),
    ...(form === 'malformed' ? malformed : notFound),
  }));
}

export function plain(status: number, request: OperationRequest = {}): Matrix {
  return { own: () => [{ name: 'plain', request, status }], slots: {} };
}
