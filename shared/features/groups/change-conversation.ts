import type { changeConversation as changeConversationRoute } from '../../contract/groups/change-conversation.ts';
import type { Principal } from '../../core/tenancy/principal.ts';
import type { InputOf } from '../../core/use-case.ts';
import { changeGroup } from './change-group.ts';
import { openName } from '../conversations/group-name.ts';
import { decideProperties } from './group-rules.ts';

/** Changes the name, or the history that newcomers see. */
export const changeConversation = (
  principal: Principal,
  {
    conversationId,
    ...properties
  }: Pick<InputOf<typeof changeConversationRoute>, 'conversationId' | 'name' | 'history'>,
) =>
  changeGroup<never>(principal, conversationId, (item, { keys, scope }) =>
    decideProperties(item, principal.userId, properties, openName(keys, scope, conversationId, item)),
  );
