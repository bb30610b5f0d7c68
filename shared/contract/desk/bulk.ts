import * as z from 'zod/mini';
import { defineRoute } from '../kit/define-route.ts';
import { conversationId, userId } from '../schemas/ids.ts';
import { mostTags, priority, tag } from '../schemas/support.ts';
import { transcript } from '../schemas/transcript.ts';

const action = z.enum(['assign', 'status', 'priority', 'tag', 'archive', 'escalate', 'markUrgent', 'delete', 'export']);
export type BulkAction = z.infer<typeof action>;

/** The members that each action needs, and those that it may have. */
const membersOf: Readonly<Record<BulkAction, { readonly needs: readonly string[]; readonly may: readonly string[] }>> =
  {
    assign: { needs: ['agentId'], may: ['force'] },
    status: { needs: ['status'], may: [] },
    priority: { needs: ['priority'], may: [] },
    tag: { needs: [], may: ['addTags', 'removeTags'] },
    archive: { needs: [], may: ['archived'] },
    escalate: { needs: [], may: [] },
    markUrgent: { needs: [], may: [] },
    delete: { needs: [], may: [] },
    export: { needs: [], may: [] },
  };

const ofActions = {
  agentId: z.optional(
    z
      .union([userId, z.literal('auto')], { error: 'must be the id of an agent, or `auto`' })
      .check(z.describe('For `assign`')),
  ),
  force: z.optional(z.boolean().check(z.describe('For `assign`: ignore the agent’s maximum and availability'))),
  status: z.optional(z.enum(['resolved', 'closed', 'reopened']).check(z.describe('For `status`'))),
  priority: z.optional(priority.check(z.describe('For `priority`'))),
  addTags: z.optional(z.array(tag).check(z.minLength(1), z.maxLength(mostTags), z.describe('For `tag`'))),
  removeTags: z.optional(z.array(tag).check(z.minLength(1), z.maxLength(mostTags), z.describe('For `tag`'))),
  archived: z.optional(z.boolean().check(z.describe('For `archive`; `false` returns it to the lists'))),
};

function checkAction({ value, issues }: z.core.ParsePayload<Readonly<Record<string, unknown>>>): void {
  const name = value['action'] as BulkAction;
  const { needs, may } = membersOf[name];
  const report = (member: string, message: string) =>
    issues.push({ code: 'custom', path: [member], message, input: value });
  for (const member of needs) {
    if (value[member] === undefined) report(member, `is required for the action ${name}`);
  }
  for (const member of Object.keys(ofActions)) {
    const isAllowed = needs.includes(member) || may.includes(member);
    if (!isAllowed && value[member] !== undefined) report(member, `is not allowed for the action ${name}`);
  }
  if (name === 'tag' && value['addTags'] === undefined && value['removeTags'] === undefined) {
    report('addTags', 'is required for the action tag, unless removeTags is sent');
  }
}

const problem = z.object({
  code: z.string().check(z.meta({ examples: ['ILLEGAL_TRANSITION'] })),
  status: z.int().check(z.meta({ examples: [409] })),
  detail: z.string(),
  retryable: z.boolean(),
});

const outcome = z
  .object({
    id: conversationId,
    ok: z.boolean().check(z.describe('Whether the conversation is as the action wants it')),
    problem: z.optional(problem.check(z.describe('The problem that the single operation would have answered'))),
    transcript: z.optional(transcript.check(z.describe('For `export`'))),
  })
  .register(z.globalRegistry, { id: 'BulkOutcome', description: 'The outcome of a bulk action for one conversation' });
export type BulkOutcome = z.infer<typeof outcome>;

export const bulkConversations = defineRoute({
  operationId: 'bulkConversations',
  method: 'POST',
  path: '/api/v1/conversations/bulk',
  access: 'desk:manage',
  summary: 'Change or export up to 100 conversations',
  description:
    'Does the same to each conversation and answers with an outcome for each, in the order of the request. A conversation that fails does not stop the others. A repeated request changes only what has not been done. `escalate` raises the priority to at least `high`, `markUrgent` to `urgent`. `delete` destroys the content, as its customer can; the log keeps your id. `export` returns transcripts with one message per line, as long as the answer has room for them.',
  params: {},
  body: z
    .strictObject({
      conversationIds: z.array(conversationId).check(
        z.minLength(1),
        z.maxLength(100),
        z.refine((ids) => new Set(ids).size === ids.length, 'must not contain an id twice'),
      ),
      action,
      ...ofActions,
    })
    .check(
      checkAction,
      z.meta({ examples: [{ conversationIds: ['01KAJ72Q3C8D1F4G7H0J3K6M9N'], action: 'status', status: 'closed' }] }),
    ),
  responses: { 200: z.object({ outcomes: z.array(outcome) }) },
  problems: [],
  idempotent: 'yes',
});
