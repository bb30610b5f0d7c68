import type { AccessRequest } from './policies.ts';
import type { Lookup } from './patterns.ts';

/** The parts of an AWS call that policies can evaluate. */
export interface CallToJudge {
  readonly operation: string;
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, string>>;
  readonly input: Readonly<Record<string, unknown>>;
}

/** The rights that a call needs. */
export interface CallAccess {
  /** Every request must be allowed. */
  readonly requests: readonly AccessRequest[];
  /** A short name to show: a table's name, a key's ARN. */
  readonly resource: string;
}

export type AccessOf = (call: CallToJudge) => CallAccess;

/** The account and region in ARNs. */
export interface Surroundings {
  readonly region: string;
  readonly accountId: string;
}

const nothing: Lookup = () => undefined;

/** A call that is one action on one resource. */
export function singleAction(action: string, resource: string, lookup: Lookup = nothing, label = resource): CallAccess {
  return { requests: [{ action, resource, lookup }], resource: label };
}

/** A lookup of fixed values. Keys are in lower case. */
export function lookupOf(values: Readonly<Record<string, string | readonly string[] | undefined>>): Lookup {
  return (key) => values[key];
}
