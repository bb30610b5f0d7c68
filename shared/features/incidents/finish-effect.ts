import { derivedId } from '../../core/runtime/ids.ts';
import { postAsService } from '../desk/post-as-service.ts';
import type { ArrivedIncident } from './arrived-incident.ts';
import { endUnanswered } from './end-conversation.ts';
import { type EffectItem, readStart } from './incident-store.ts';
import { updateText } from './routing-rules.ts';
import { conversationOfStart } from './start-conversation.ts';

/**
 * Completes an effect in the conversation. Every part has an id that follows from the delivery, so a repetition after a
 * crash adds nothing.
 *
 * @returns the conversation's id; undefined if it is gone.
 */
export async function finish(arrived: ArrivedIncident, effect: EffectItem): Promise<string | undefined> {
  const { scope, keys, deliveryId, receivedAt, index, found } = arrived;
  const conversationId = await conversationOfStart(scope, keys, effect.startId);
  if (conversationId === undefined) return undefined;
  const idOf = (part: string) => derivedId(receivedAt, `${part} of ${deliveryId} ${index}`);
  const isMessage = effect.outcome === 'updated' || effect.outcome === 'closed';
  if (isMessage && effect.isCounted !== true) {
    const content = { type: 'text', text: updateText(found.incident) } as const;
    await postAsService({ scope, conversationId }, { content, clientMessageId: idOf('message') });
  }
  const mayEnd =
    effect.outcome === 'closed' && (await readStart(scope, effect.startId))?.close === 'resolve-if-unanswered';
  if (mayEnd) await endUnanswered(scope, conversationId, idOf('end'));
  return conversationId;
}
