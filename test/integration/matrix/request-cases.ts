import type { OperationRequest } from '../system/operations.ts';
import type { Caller } from './caller.ts';
import type { IdValue } from './id-values.ts';

/** The answer that a caller with access to the operation gets. */
export interface Expectation {
  readonly status: number;
  /** The code of the problem; absent for a success. */
  readonly code?: string;
  /** Cases of one operation and caller with the same word here are answered alike, byte for byte. */
  readonly alike?: string;
}

export interface Case extends Expectation {
  /** The value, and its place in the request. */
  readonly name: string;
  readonly request: OperationRequest;
}

/** The requests that the matrix sends to one operation. */
export interface Matrix {
  /** Good requests of the caller. */
  readonly own: (caller: Caller) => readonly Case[];
  /** The places of an id, a token or a cursor in the request, by name: `path.conversationId`, `body.userId` … */
  readonly slots: Readonly<Record<string, (caller: Caller) => readonly Case[]>>;
}

export const malformed: Expectation = { status: 422, code: 'VALIDATION_FAILED' };

/** A problem that must not reveal whether the id exists in another tenant. */
export function absent(status: number, code: string): Expectation {
  return { status, code, alike: 'absent' };
}

/** One case for each value: a well-formed one is not found, a malformed one is rejected. */
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

/** An operation without any id, and one request to it. */
export function plain(status: number, request: OperationRequest = {}): Matrix {
  return { own: () => [{ name: 'plain', request, status }], slots: {} };
}
