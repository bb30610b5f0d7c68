import { isRefusal, type Refusal } from '../core/refusal.ts';

/** Pointers begin with one of these. No member of an input has one of these names. */
const parts = /^\/(?:path|query|body|data)\//;

/**
 * Turns a refusal's pointers, relative to the input, into pointers into the request.
 *
 * @param partOf - the part of the request that contained a member of the input.
 */
export function withPointersInto<Outcome>(outcome: Outcome | Refusal, partOf: (member: string) => string) {
  if (!isRefusal(outcome) || outcome.errors === undefined) return outcome;
  const errors = outcome.errors.map((error) => {
    if (parts.test(error.pointer)) return error;
    const [, member = ''] = error.pointer.split('/');
    return { ...error, pointer: `/${partOf(member)}${error.pointer}` };
  });
  return { ...outcome, errors };
}
