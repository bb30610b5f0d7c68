import { decodeCursor } from '../../core/table/cursor.ts';
import type { Principal } from '../../core/tenancy/principal.ts';
import type { Position } from './merge-rules.ts';

/** The caller's list of what was found: a cursor is a place in time, whatever is searched for. */
export function listOf({ userId }: Principal): string {
  return `search/${userId}`;
}

/** The position that a cursor tells, or nothing if it is none of ours. */
export function positionIn(principal: Principal, cursor: string): Position | undefined {
  const { at = '', conversationId = '', seq = '' } = decodeCursor(listOf(principal), cursor) ?? {};
  if (!/^\d{1,13}$/.test(at) || !/^[0-9A-Z]{26}$/.test(conversationId) || !/^\d{1,12}$/.test(seq)) return undefined;
  return { at: Number(at), conversationId, seq: Number(seq) };
}
