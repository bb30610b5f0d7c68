import * as z from 'zod/mini';
import { defineRoute } from '../kit/define-route.ts';
import { conversationWithSelf, groupFull } from '../problems.ts';
import { type SupportStart, supportStartMembers, supportStartProblems } from './support-start.ts';
import {
  checkPeople,
  conversation,
  conversationKind,
  conversationName,
  historyVisibility,
  type PersonReference,
  personReference,
} from '../schemas/conversation.ts';
import { clientMessageId, userId } from '../schemas/ids.ts';

/** A group has at most 500 people, with its creator. */
const mostInvited = 499;

const members = {
  kind: conversationKind,
  userId: z.optional(userId.check(z.meta({ description: 'Direct conversations: the other user' }))),
  name: z.optional(conversationName),
  participants: z.optional(
    z.array(personReference).check(
      z.maxLength(mostInvited),
      checkPeople,
      z.meta({
        description: `Groups: the participants besides the caller, at most ${mostInvited}. Duplicates, and the caller, are ignored.`,
        examples: [[{ userId: '01KAJ70B6DF9H2J4K7M0P3Q6RS' }, { email: 'carol@example.com' }]],
      }),
    ),
  ),
  history: z.optional(
    historyVisibility.check(
      z.meta({
        description: 'Groups: whether newcomers see earlier messages. Defaults to `full`.',
      }),
    ),
  ),
  ...supportStartMembers,
  clientConversationId: z.optional(
    clientMessageId.check(
      z.meta({
        description:
          'Groups: a ULID or lower-case UUIDv7 that the client generates once for each group. For 30 days, a repeated request returns the same group. Without it, each request creates a group.',
        examples: ['01KAJ7A0GYHCN4P7R0T3W6Y9B2'],
      }),
    ),
  ),
};

/** Accepted by {@link checkStart}. */
export type ConversationStart =
  | ({ readonly kind: 'support' } & SupportStart)
  | { readonly kind: 'direct'; readonly userId: string }
  | {
      readonly kind: 'group';
      readonly name: string;
      readonly participants: readonly PersonReference[];
      readonly history?: z.infer<typeof historyVisibility> | undefined;
      readonly clientConversationId?: string | undefined;
    };

const needed = { direct: ['userId'], group: ['name', 'participants'], support: [] } as const;
const allowed = {
  direct: ['userId'],
  group: ['name', 'participants', 'history', 'clientConversationId'],
  support: [...Object.keys(supportStartMembers), 'clientConversationId'],
} as const;

function checkStart({ value, issues }: z.core.ParsePayload<Readonly<Record<string, unknown>>>): void {
  const kind = value['kind'] as ConversationStart['kind'];
  const report = (member: string, message: string) =>
    issues.push({ code: 'custom', path: [member], message, input: value });
  for (const member of needed[kind]) {
    if (value[member] === undefined) report(member, `is required for the kind ${kind}`);
  }
  for (const member of Object.keys(members)) {
    const isAllowed = member === 'kind' || (allowed[kind] as readonly string[]).includes(member);
    if (!isAllowed && value[member] !== undefined) report(member, `is not allowed for the kind ${kind}`);
  }
}

export const createConversation = defineRoute({
  operationId: 'createConversation',
  method: 'POST',
  path: '/api/v1/conversations',
  access: 'conversations:create',
  summary: 'Create a conversation',
  description:
    'Two users share one direct conversation. The first request answers 201, and every later request of either user answers 200 with the same conversation. A group has a name and at most 500 users of the tenant, whom you add by id or e-mail address. Its creator is its admin. A repeated request with the same `clientConversationId` answers 200 with the group as it is now. A support conversation goes to the desk. A guest has at most one open support conversation, and a request answers 200 with it. If the request has a `message`, the service sends it.',
  params: {},
  body: z
    .strictObject(members)
    .check(checkStart, z.meta({ examples: [{ kind: 'direct', userId: '01KAJ70A5CE8G1H3J6K9M2P4QR' }] })),
  responses: { 201: conversation, 200: conversation },
  problems: [...supportStartProblems, conversationWithSelf, groupFull],
  idempotent: 'key',
});
