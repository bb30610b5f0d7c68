import type { LocalRun } from '../local/contract.ts';
import { tailEntries } from '../shared/features/log/log-tail.ts';
import { countSends, type SendCounts } from './counts.ts';
import { type Person, sendAndReceive, startConversation } from './people.ts';

export interface ColdCounts {
  /**
   * First send into a conversation, by an environment that has served the tenant and the sender before. The newest
   * entries reach back two minutes, or to the start, as they do unless more than 14 messages came in that time.
   */
  readonly coldConversation: SendCounts;
  /** The same where they do not, so that one more query reads further back. */
  readonly coldBusyConversation: SendCounts;
  /** Very first send of an environment: settings, keys and session come on top. */
  readonly coldEnvironment: SendCounts;
}

/** Counts what a send costs that finds nothing remembered. */
export async function countColdSends(run: LocalRun, one: Person, others: readonly Person[]): Promise<ColdCounts> {
  const [first, calm, busy] = await Promise.all(
    others.slice(0, 3).map(async (other) => ({ other, id: await startConversation(run, one, other) })),
  );
  if (first === undefined || calm === undefined || busy === undefined) throw new Error('Too few people');
  // A full tail each, so that a cold read is a full one.
  for (let number = 0; number < tailEntries; number += 1) {
    for (const { other, id } of [first, calm, busy]) await sendAndReceive(one, other, id);
  }
  for (let number = 0; number < tailEntries; number += 1) await sendAndReceive(one, busy.other, busy.id);
  await run.settled();
  await run.functions.recycle();
  return {
    coldEnvironment: await countSends(run, one, first.other, first.id, 1),
    coldConversation: await countSends(run, one, calm.other, calm.id, 1),
    coldBusyConversation: await countSends(run, one, busy.other, busy.id, 1),
  };
}
