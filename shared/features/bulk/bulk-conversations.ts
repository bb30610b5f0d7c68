import type { bulkConversations as bulkConversationsRoute, BulkOutcome } from '../../contract/desk/bulk.ts';
import { notASupportConversation } from '../../contract/desk/problems.ts';
import { conversationNotFound, serviceBusy } from '../../contract/problems.ts';
import type { Transcript } from '../../contract/schemas/transcript.ts';
import { isRefusal, type Refusal, refuse } from '../../core/refusal.ts';
import { now } from '../../core/runtime/clock.ts';
import { log } from '../../core/runtime/logger.ts';
import { mapConcurrent } from '../../core/runtime/map-concurrent.ts';
import { count } from '../../core/runtime/metrics.ts';
import type { Principal } from '../../core/tenancy/principal.ts';
import type { InputOf, UseCase } from '../../core/use-case.ts';
import { refusalOfError } from '../../transport/service-failure.ts';
import { loadToRead } from '../log/load-conversation.ts';
import { changeOne } from './change-one.ts';
import { exportOne, Room } from './export-one.ts';

const atOnce = 5;
/** Below the function's timeout, so that every conversation gets an outcome. */
const longestMs = 18_000;

type Request = InputOf<typeof bulkConversationsRoute>;

/** Does the same to each conversation, independently of the others. */
export const bulkConversations: UseCase<typeof bulkConversationsRoute> = async (principal, request) => {
  const deadline = now() + longestMs;
  const room = new Room();
  const outcomes: BulkOutcome[] = [];
  const all = mapConcurrent(request.conversationIds, atOnce, (id) =>
    now() > deadline
      ? Promise.resolve(failed(id, refuse(serviceBusy, { detail: 'There was no time left. Repeat the request.' })))
      : outcomeOf(principal, id, request, room),
  );
  for await (const outcome of all) outcomes.push(outcome);
  return { outcomes };
};

async function outcomeOf(principal: Principal, id: string, request: Request, room: Room): Promise<BulkOutcome> {
  try {
    const { conversationIds: _, action, ...members } = request;
    const result =
      action === 'export'
        ? await exportSupport(principal, id, room)
        : await changeOne(principal, id, { ...members, action });
    if (isRefusal(result)) return failed(id, result);
    return { id, ok: true, ...(action === 'export' ? { transcript: result as Transcript } : {}) };
  } catch (error) {
    log('error', 'bulk.failed', { conversationId: id }, error);
    count('Failures');
    return failed(id, refusalOfError(error));
  }
}

/** Admins export the conversations of the desk only. */
async function exportSupport(principal: Principal, conversationId: string, room: Room): Promise<Transcript | Refusal> {
  const conversation = await loadToRead(principal, conversationId);
  if (conversation === undefined) return refuse(conversationNotFound);
  return conversation.item.kind === 'support'
    ? exportOne(principal, conversationId, room)
    : refuse(notASupportConversation);
}

function failed(id: string, { refused, detail = refused.description }: Refusal): BulkOutcome {
  const { code, status, retryable } = refused;
  return { id, ok: false, problem: { code, status, detail, retryable } };
}
