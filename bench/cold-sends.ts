import type { LocalRun } from '../local/contract.ts';
import { tailEntries } from '../shared/features/log/log-tail.ts';
import { countSends, type SendCounts } from './counts.ts';
import { type Person, sendAndReceive, startConversation } from './people.ts';

export interface ColdCounts {
  /** One query reads enough of the log, because at most 14 messages arrived within two minutes. */
  readonly coldConversation: SendCounts;
  /** More messages within two minutes require one more query. */
  readonly coldBusyConversation: SendCounts;
  readonly coldEnvironment: SendCounts;
}

export async function countColdSends(
  run: LocalRun,
  sender: Person,
  recipients: readonly Person[],
): Promise<ColdCounts> {
  const [first, calm, busy] = await Promise.all(
    recipients
      .slice(0, 3)
      .map(async (recipient) => ({ recipient, id: await startConversation(run, sender, recipient) })),
  );
  if (first === undefined || calm === undefined || busy === undefined) throw new Error('Too few people');
  for (let number = 0; number < tailEntries; number += 1) {
    for (const { recipient, id } of [first, calm, busy]) await sendAndReceive(sender, recipient, id);
  }
  for (let number = 0; number < tailEntries; number += 1) await sendAndReceive(sender, busy.recipient, busy.id);
  await run.settled();
  await run.functions.recycle();
  return {
    coldEnvironment: await countSends(run, sender, first.recipient, first.id, 1),
    coldConversation: await countSends(run, sender, calm.recipient, calm.id, 1),
    coldBusyConversation: await countSends(run, sender, busy.recipient, busy.id, 1),
  };
}
