const last = new Map<string, Promise<unknown>>();

/**
 * Runs the work of a key one after another in this environment: transactions that change the same item would reject one
 * another.
 */
export async function inTurn<Result>(key: string, work: () => Promise<Result>): Promise<Result> {
  const before = last.get(key) ?? Promise.resolve();
  const own = before.then(work, work);
  last.set(key, own);
  try {
    return await own;
  } finally {
    if (last.get(key) === own) last.delete(key);
  }
}
