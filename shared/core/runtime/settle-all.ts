type Results<Work extends readonly unknown[]> = { -readonly [Index in keyof Work]: Awaited<Work[Index]> };

/**
 * Like `Promise.all`, but waits for every promise to settle: Lambda freezes pending work and continues it during the
 * next invocation. https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html
 * @throws the first failure in the order of the list.
 */
export async function settleAll<const Work extends readonly unknown[]>(work: Work): Promise<Results<Work>> {
  const results = await Promise.allSettled(work);
  const failure = results.find((result) => result.status === 'rejected');
  if (failure !== undefined) throw failure.reason;
  return results.map((result) => (result as PromiseFulfilledResult<unknown>).value) as Results<Work>;
}
