import { conversationNotFound } from '../../contract/problems.ts';
import type { getIntegrity as getIntegrityRoute } from '../../contract/transcripts/get-integrity.ts';
import { refuse } from '../../core/refusal.ts';
import type { UseCase } from '../../core/use-case.ts';
import { verifyConversation } from '../checkpoints/verify-conversation.ts';
import { useLimits } from '../identity/attempt-limits.ts';
import { countUses } from '../identity/user-limit.ts';
import { loadAccess } from '../log/load-conversation.ts';

/** Verifies entries that the caller may not see, too. */
export const getIntegrity: UseCase<typeof getIntegrityRoute> = async (principal, { conversationId }) => {
  if ((await loadAccess(principal, conversationId)) === undefined) return refuse(conversationNotFound);
  const limited = await countUses(principal, [{ limit: useLimits.integrity }]);
  if (limited !== undefined) return limited;
  const verdict = await verifyConversation(principal.scope, conversationId);
  if (verdict === undefined) return { verdict: 'intact', entries: 0, forgedCheckpoints: 0 };
  const { entries, tampering, anchored, forgedCheckpoints } = verdict;
  return {
    verdict: tampering === undefined ? 'intact' : 'changed',
    entries,
    ...(tampering === undefined ? {} : { changed: tampering }),
    ...(anchored === undefined ? {} : { anchored }),
    forgedCheckpoints,
  };
};
