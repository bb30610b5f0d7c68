import { decodeCursor } from '../../core/table/cursor.ts';
import type { Principal } from '../../core/tenancy/principal.ts';
import type { Position } from './merge-rules.ts';

/** A cursor is a position among all messages, so any search of the same user accepts it. */
export function listOf({ userId }: Principal): string {
  return `search/${userId}`;
}

/** Undefined if the service did not create the cursor for this user. */
export function positionIn(principal: Principal, cursor: string): Position | undefined {
  const { at = '', conversationId = '', seq = '' } = decodeCursor(listOf(principal), cursor) ?? {};
  if (!/^\d{1,13}$/.test(at) || !/^[0-9A-Z]{26}$/.test(conversationId) || !/^\d{1,12}$/.test(seq)) return undefined;
  return { at: Number(at), conversationId, seq: Number(seq) };
}
