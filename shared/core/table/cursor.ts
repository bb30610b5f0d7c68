import { now } from '../runtime/clock.ts';

const lifeMs = 24 * 60 * 60 * 1000;

/** Contains no prefix or partition key, so a forged cursor only leads to another position in the caller's list. */
export function encodeCursor(list: string, position: Readonly<Record<string, string>>): string {
  return Buffer.from(JSON.stringify([list, position, now() + lifeMs])).toString('base64url');
}

/** @returns undefined if damaged, expired or of another list. */
export function decodeCursor(list: string, cursor: string): Readonly<Record<string, string>> | undefined {
  let parsed: unknown;
  try {
    parsed = JSON.parse(Buffer.from(cursor, 'base64url').toString());
  } catch {
    return undefined;
  }
  if (!Array.isArray(parsed) || parsed.length !== 3) return undefined;
  const [ofList, position, until] = parsed as unknown[];
  if (ofList !== list || typeof until !== 'number' || until < now()) return undefined;
  if (typeof position !== 'object' || position === null || Array.isArray(position)) return undefined;
  const entries = Object.entries(position);
  if (entries.some(([, value]) => typeof value !== 'string' || value.length > 200)) return undefined;
  return Object.fromEntries(entries);
}
