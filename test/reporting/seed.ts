/**
 * The seed of everything that tests draw: `SEED`, or the date in UTC as YYYYMMDD. All runs of a day draw the same, so
 * that only a change makes a difference, and each day draws something else.
 */
export function seedOf(environment: Readonly<Record<string, string | undefined>>, now: Date): number {
  const given = environment['SEED'];
  if (given === undefined || given === '') return Number(now.toISOString().slice(0, 10).replaceAll('-', ''));
  if (!/^\d{1,15}$/.test(given)) throw new Error(`SEED must be a whole number, not "${given}"`);
  return Number(given);
}

/** The seed of this run. Every worker gets it from the global set-up. */
export const seed = seedOf(process.env, new Date());
