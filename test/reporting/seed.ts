/** `SEED`, or the UTC date as YYYYMMDD. All runs of a day draw the same. */
export function seedOf(environment: Readonly<Record<string, string | undefined>>, now: Date): number {
  const given = environment['SEED'];
  if (given === undefined || given === '') return Number(now.toISOString().slice(0, 10).replaceAll('-', ''));
  if (!/^\d{1,15}$/.test(given)) throw new Error(`SEED must be a whole number, not "${given}"`);
  return Number(given);
}

/** Workers get it from the global set-up. */
export const seed = seedOf(process.env, new Date());
