import type { AccessRequest } from './policies.ts';
import type { Lookup } from './patterns.ts';

export interface CallToJudge {
  readonly operation: string;
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, string>>;
  readonly input: Readonly<Record<string, unknown>>;
}

export interface CallAccess {
  /** All must be allowed. */
  readonly requests: readonly AccessRequest[];
  readonly resource: string;
}

export type AccessOf = (call: CallToJudge) => CallAccess;

export interface Surroundings {
  readonly region: string;
  readonly accountId: string;
}

const nothing: Lookup = () => undefined;

export function singleAction(action: string, resource: string, lookup: Lookup = nothing, label = resource): CallAccess {
  return { requests: [{ action, resource, lookup }], resource: label };
}

/** Keys are in lower case. */
export function lookupOf(values: Readonly<Record<string, string | readonly string[] | undefined>>): Lookup {
  return (key) => values[key];
}
