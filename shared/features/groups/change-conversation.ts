import type { changeConversation as changeConversationRoute } from '../../contract/groups/change-conversation.ts';
import type { Handler } from '../../transport/http.ts';
import { answer } from '../../core/refusal.ts';
import { changeGroup } from './change-group.ts';
import { openName } from '../conversations/group-name.ts';
import { decideProperties } from './group-rules.ts';

/** Renames a group, or changes what newcomers see of what was written before. */
export const changeConversation: Handler<typeof changeConversationRoute> = async ({ principal, params, body }) => {
  const outcome = await changeGroup<never>(principal, params.conversationId, (item, { keys, scope, conversationId }) =>
    decideProperties(item, principal.userId, body, openName(keys, scope, conversationId, item)),
  );
  return answer(outcome, ({ conversation }) => ({ status: 200, body: conversation }));
};
