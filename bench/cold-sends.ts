import type { LocalRun } from '../local/contract.ts';
import { windowEntries } from '../shared/conversations/log/log-window.ts';
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
export async function countColdSends(
  run: LocalRun,
  one: Person,
  other: Person,
  third: Person,
  fourth: Person,
): Promise<ColdCounts> {
  const known = await startConversation(run, one, other);
  const calm = await startConversation(run, one, third);
  const busy = await startConversation(run, one, fourth);
  // A full window each, so that a cold read is a full one.
  for (let number = 0; number < windowEntries; number += 1) {
    await sendAndReceive(one, other, known);
    await sendAndReceive(one, third, calm);
    await sendAndReceive(one, fourth, busy);
  }
  for (let number = 0; number < windowEntries; number += 1) await sendAndReceive(one, fourth, busy);
  await run.settled();
  await run.functions.recycle();
  const coldEnvironment = await countSends(run, one, other, known, 1);
  const coldConversation = await countSends(run, one, third, calm, 1);
  const coldBusyConversation = await countSends(run, one, fourth, busy, 1);
  return { coldConversation, coldBusyConversation, coldEnvironment };
}
