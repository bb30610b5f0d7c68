import { mapConcurrent } from '../../core/runtime/map-concurrent.ts';
import type { Principal } from '../../core/tenancy/principal.ts';
import { missedIn, restOf } from './missed-entries.ts';
import { membershipChanges } from './membership-changes.ts';
import type { Since } from './since-rules.ts';
import type { CatchUpStep } from './step.ts';

const parallelReads = 8;

/**
 * Yields each conversation's lasting events after the position, in order, and its progress. Then, with `since`, yields
 * the changed memberships. Leaves out conversations without access.
 */
export async function* missedEvents(
  principal: Principal,
  positions: Readonly<Record<string, number>>,
  since: Since | undefined,
): AsyncGenerator<CatchUpStep> {
  const conversations = Object.entries(positions);
  if (conversations.length > 0) {
    const begun = mapConcurrent(conversations, parallelReads, ([id, position]) => missedIn(principal, id, position));
    for await (const { steps, rest } of begun) {
      yield* steps;
      if (rest !== undefined) yield* restOf(principal, rest);
    }
  }
  if (since !== undefined) yield* membershipChanges(principal, since);
}
