type Results<Work extends readonly unknown[]> = { -readonly [Index in keyof Work]: Awaited<Work[Index]> };

/**
 * Waits for work side by side: for all of it, also when some of it fails. `Promise.all` would go on at the first
 * failure; what is still under way when the invocation then returns is frozen with its environment, and comes to its
 * end, if at all, in the middle of the next one.
 * https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html
 * @throws the failure that is first in the list.
 */
export async function settleAll<const Work extends readonly unknown[]>(work: Work): Promise<Results<Work>> {
  const results = await Promise.allSettled(work);
  const failure = results.find((result) => result.status === 'rejected');
  if (failure !== undefined) throw failure.reason;
  return results.map((result) => (result as PromiseFulfilledResult<unknown>).value) as Results<Work>;
}
