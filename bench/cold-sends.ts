import type { LocalRun } from '../local/contract.ts';
import { countSends, type SendCounts } from './counts.ts';
import { type Person, sendAndReceive, startConversation } from './people.ts';

export interface ColdCounts {
  /** First send into a conversation, by an environment that has served the tenant and the sender before. */
  readonly coldConversation: SendCounts;
  /** Very first send of an environment: settings, keys and session come on top. */
  readonly coldEnvironment: SendCounts;
}

/** More messages than a window holds, so that a cold read is a full one. */
const history = 20;

/** Counts what a send costs that finds nothing remembered. */
export async function countColdSends(run: LocalRun, one: Person, other: Person, third: Person): Promise<ColdCounts> {
  const known = await startConversation(run, one, other);
  const unknown = await startConversation(run, one, third);
  for (let number = 0; number < history; number += 1) {
    await sendAndReceive(one, other, known);
    await sendAndReceive(one, third, unknown);
  }
  await run.settled();
  await run.functions.recycle();
  const coldEnvironment = await countSends(run, one, other, known, 1);
  const coldConversation = await countSends(run, one, third, unknown, 1);
  return { coldConversation, coldEnvironment };
}
