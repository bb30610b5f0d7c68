import { isRefusal, type Refusal } from '../core/refusal.ts';

/** Parts of a request that pointers begin with. No member of an input has one of these names. */
const parts = /^\/(?:path|query|body|data)\//;

/**
 * Turns the pointers of a use case's refusal, which start at its input, into pointers into the request.
 *
 * @param partOf - the part of the request that a member of the input came in.
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
