import type { listConversations as listConversationsRoute } from '../../contract/conversations/list-conversations.ts';
import { forbidden } from '../../contract/problems.ts';
import { refuse } from '../../core/refusal.ts';
import { allows } from '../../core/tenancy/permissions.ts';
import type { UseCase } from '../../core/use-case.ts';
import { listConversations as listOwn } from '../conversations/list-conversations.ts';
import { listQueue } from '../desk/list-queue.ts';

/** Lists the caller's own conversations or, with a parameter of the desk, support conversations. */
export const listConversations: UseCase<typeof listConversationsRoute> = async (principal, query) => {
  const { limit, cursor, kind, ...desk } = query;
  const isOfDesk = Object.values(desk).some((value) => value !== undefined);
  const mayWork = allows(principal.role, 'desk:work');
  if (isOfDesk && !mayWork) {
    return refuse(forbidden, {
      detail: 'Only agents list the conversations of the desk. Send `limit`, `cursor` and `kind` only.',
    });
  }
  if (isOfDesk || (kind === 'support' && mayWork)) return listQueue(principal, query);
  const page = await listOwn(principal, { limit, cursor });
  if ('refused' in page || kind === undefined) return page;
  return { ...page, items: page.items.filter((conversation) => conversation.kind === kind) };
};
