import type { OperationRequest } from '../system/operations.ts';
import type { Caller } from './caller.ts';
import type { IdValue } from './id-values.ts';

/** What has to be answered to a caller who may use the operation. */
export interface Expectation {
  readonly status: number;
  /** The code of the problem; absent for a success. */
  readonly code?: string;
  /** Cases of one operation and caller with the same word here have to be answered alike, byte for byte. */
  readonly alike?: string;
}

export interface Case extends Expectation {
  /** Which value, and where in the request. */
  readonly name: string;
  readonly request: OperationRequest;
}

/** What the matrix sends to one operation. */
export interface Row {
  /** Good requests of the caller's own. */
  readonly own: (caller: Caller) => readonly Case[];
  /** The places in which an id, a token or a cursor stands, by name: `path.conversationId`, `body.userId` … */
  readonly slots: Readonly<Record<string, (caller: Caller) => readonly Case[]>>;
}

export const malformed: Expectation = { status: 422, code: 'VALIDATION_FAILED' };

/** A problem that must not tell a foreign id from one that does not exist. */
export function absent(status: number, code: string): Expectation {
  return { status, code, alike: 'absent' };
}

/** One case for each value: the well-formed ones are not found, the malformed ones not looked for. */
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
export function plain(status: number, request: OperationRequest = {}): Row {
  return { own: () => [{ name: 'plain', request, status }], slots: {} };
}
