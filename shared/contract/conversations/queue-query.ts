import * as z from 'zod/mini';
import { conversationKind } from '../schemas/conversation.ts';
import { userId } from '../schemas/ids.ts';
import { priority, supportStatus, tag, teamId } from '../schemas/support.ts';
import { text, visible } from '../schemas/text.ts';

const forAgents = 'For agents: ';

/** The parameters that make a list one of the desk. */
export const queueParameters = {
  kind: z.optional(conversationKind.check(z.describe('Only conversations of this kind'))),
  view: z.optional(
    z
      .enum(['mine', 'unassigned', 'all'])
      .check(z.describe(`${forAgents}your conversations, those that wait, or all that are open`)),
  ),
  status: z.optional(supportStatus.check(z.describe(`${forAgents}only conversations with this status`))),
  priority: z.optional(priority.check(z.describe(`${forAgents}only conversations with this priority`))),
  tag: z.optional(tag.check(z.describe(`${forAgents}only open conversations with this tag`))),
  teamId: z.optional(teamId.check(z.describe(`${forAgents}only conversations of this team`))),
  assigneeId: z.optional(userId.check(z.describe(`${forAgents}only active conversations of this agent`))),
  q: z.optional(
    text(
      z.minLength(1),
      z.maxLength(100),
      visible,
      z.describe(
        `${forAgents}only conversations whose subject, description, tags or incident have words that begin so`,
      ),
    ),
  ),
};

export interface QueueQuery {
  readonly view?: 'mine' | 'unassigned' | 'all' | undefined;
  readonly status?: z.infer<typeof supportStatus> | undefined;
  readonly priority?: z.infer<typeof priority> | undefined;
  readonly tag?: string | undefined;
  readonly teamId?: string | undefined;
  readonly assigneeId?: string | undefined;
  readonly q?: string | undefined;
}
