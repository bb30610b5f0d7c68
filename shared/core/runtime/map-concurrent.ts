/**
 * Makes at most `bound` concurrent calls and yields results in the order of the items. A consumer that stops early
 * waits for the pending calls.
 * @throws the error of the next item in order.
 */
export async function* mapConcurrent<Item, Result>(
  items: Iterable<Item>,
  bound: number,
  work: (item: Item) => Promise<Result>,
): AsyncGenerator<Result> {
  const pending: Promise<[PromiseSettledResult<Result>]>[] = [];
  const remaining = items[Symbol.iterator]();
  const begin = () => {
    const next = remaining.next();
    // Prevents an unhandled rejection before its turn.
    if (next.done !== true) pending.push(Promise.allSettled([work(next.value)] as const));
  };
  try {
    for (let count = 0; count < bound; count += 1) begin();
    for (let first = pending.shift(); first !== undefined; first = pending.shift()) {
      const [result] = await first;
      if (result.status === 'rejected') throw result.reason;
      begin();
      yield result.value;
    }
  } finally {
    await Promise.allSettled(pending);
  }
}
