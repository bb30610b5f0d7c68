import { isRefusal, type Refusal } from '../core/refusal.ts';

/** The parts of a request with which pointers begin. No member of an input has one of these names. */
const parts = /^\/(?:path|query|body|data)\//;

/**
 * Turns the pointers in a use case's refusal, which are relative to its input, into pointers into the request.
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
