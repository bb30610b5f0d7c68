/**
 * Works on many things side by side, at most `bound` of them at a time, and gives the results in the order of the
 * things. Whoever stops early gets nothing more, but waits for what is under way: nothing goes on after an invocation.
 * @throws what the work on the next thing threw.
 */
export async function* mapConcurrent<Item, Result>(
  items: Iterable<Item>,
  bound: number,
  work: (item: Item) => Promise<Result>,
): AsyncGenerator<Result> {
  const underWay: Promise<[PromiseSettledResult<Result>]>[] = [];
  const rest = items[Symbol.iterator]();
  const begin = () => {
    const next = rest.next();
    // Settled, so that a failure waits for its turn.
    if (next.done !== true) underWay.push(Promise.allSettled([work(next.value)] as const));
  };
  try {
    for (let count = 0; count < bound; count += 1) begin();
    for (let first = underWay.shift(); first !== undefined; first = underWay.shift()) {
      const [result] = await first;
      if (result.status === 'rejected') throw result.reason;
      begin();
      yield result.value;
    }
  } finally {
    await Promise.allSettled(underWay);
  }
}
