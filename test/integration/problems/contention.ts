import { ulid } from 'ulid';
import type { PlannedCall } from '../../../local/fault-plan.ts';
import { keys, logSortKey } from '../../../shared/core/table/keys.ts';
import { logEntryPrefix } from '../../../shared/core/table/schema.ts';
import type { StoredItem } from '../system/tables.ts';
import { forgetAttempts, newGroup, type Stage } from './stage.ts';

/** The conversation is a new group of Alice and Bob. */
export async function withOwnGroup(stage: Stage): Promise<Stage> {
  // Alice may be past her limit of new groups.
  await forgetAttempts(stage);
  return { ...stage, conversation: await newGroup(stage.test, stage.alice, stage.bob) };
}

/**
 * Another writer wins every slot of the log during the work. Do nothing else with the conversation, because functions
 * cache its entries.
 */
export async function contendedSlots<Result>(
  stage: Stage,
  functionName: string,
  work: () => Promise<Result>,
): Promise<Result> {
  const { tables, prefix, conversation } = stage;
  const pk = prefix + keys.conversation(conversation).pk;
  const planted: Promise<void>[] = [];
  const template = await firstEntry(stage, pk);
  const take = (sk: string) => {
    const done = tables.put({ ...template, sk, i: ulid(), c: ulid(), s: ulid(), k: 'm', t: Date.now() });
    planted.push(done);
    return done;
  };
  const result = await stage.faults.during((planned) => {
    const sk = planned.functionName === functionName ? sortKeyOf(planned, pk) : undefined;
    if (sk === undefined) return undefined;
    return { kind: 'wait', until: take(sk) };
  }, work);
  await Promise.all(planted);
  // The planted entries break the hash chain.
  const items = await tables.items();
  await Promise.all(
    items
      .filter((item) => item.pk === pk && item.sk > template.sk && item.sk.startsWith(logEntryPrefix))
      .map((item) => tables.delete(item.pk, item.sk)),
  );
  return result;
}

/** Its content does not matter. */
async function firstEntry({ tables }: Stage, pk: string): Promise<StoredItem> {
  const newest = (await tables.items())
    .filter((item) => item.pk === pk && item.sk.startsWith(logEntryPrefix))
    .sort((one, other) => (one.sk < other.sk ? 1 : -1))[0];
  if (newest === undefined) throw new Error(`The log is empty: there is no ${logSortKey(1)}`);
  return newest;
}

/** Undefined if the call writes no entry of this log. */
function sortKeyOf({ operation, input }: PlannedCall, pk: string): string | undefined {
  const puts =
    operation === 'PutItem'
      ? [input as Put]
      : operation === 'TransactWriteItems'
        ? (input['TransactItems'] as { readonly Put?: Put }[]).map((item) => item.Put)
        : [];
  const written = puts.filter((put) => put?.Item?.pk?.S === pk).map((put) => put?.Item?.sk?.S);
  return written.find((sk) => sk?.startsWith(logEntryPrefix) === true);
}

interface Put {
  readonly Item?: { readonly pk?: { readonly S?: string }; readonly sk?: { readonly S?: string } };
}
