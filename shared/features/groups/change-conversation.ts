import type { changeConversation as changeConversationRoute } from '../../contract/groups/change-conversation.ts';
import type { UseCase } from '../../core/use-case.ts';
import { changeGroup } from './change-group.ts';
import { openName } from '../conversations/group-name.ts';
import { decideProperties } from './group-rules.ts';

/** Changes the name, or the history that newcomers see. */
export const changeConversation: UseCase<typeof changeConversationRoute> = (
  principal,
  { conversationId, ...properties },
) =>
  changeGroup<never>(principal, conversationId, (item, { keys, scope }) =>
    decideProperties(item, principal.userId, properties, openName(keys, scope, conversationId, item)),
  );
