import { transcriptTooLong } from '../../contract/desk/problems.ts';
import type { Transcript } from '../../contract/schemas/transcript.ts';
import { isRefusal, type Refusal, refuse } from '../../core/refusal.ts';
import type { Principal } from '../../core/tenancy/principal.ts';
import { transcriptPage } from '../transcripts/get-transcript.ts';

/** Below Lambda’s limit of 6 MB for an answer. */
const mostBytes = 4_000_000;

/** The room that the answer of a request has left. */
export class Room {
  #left = mostBytes;

  take(bytes: number): boolean {
    if (bytes > this.#left) return false;
    this.#left -= bytes;
    return true;
  }
}

/** The whole transcript of a conversation, if it fits. */
export async function exportOne(
  principal: Principal,
  conversationId: string,
  room: Room,
): Promise<Transcript | Refusal> {
  const transcript = await transcriptPage(principal, { conversationId, format: 'json', after: 0 });
  if (isRefusal(transcript)) return transcript;
  const fits = transcript.nextCursor === null && room.take(Buffer.byteLength(JSON.stringify(transcript)));
  return fits ? transcript : refuse(transcriptTooLong);
}
