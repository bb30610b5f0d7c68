import * as z from 'zod/mini';
import { defineRoute } from '../kit/define-route.ts';
import {
  clockSkew,
  conversationNotFound,
  conversationWithSelf,
  groupFull,
  idempotencyConflict,
  userNotFound,
} from '../problems.ts';
import { rateLimited } from './problems.ts';
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

/** The others in a new group: the creator is one of at most 500. */
const mostOthers = 499;

const members = {
  kind: conversationKind,
  userId: z.optional(userId.check(z.meta({ description: 'Of a direct conversation: the other one' }))),
  name: z.optional(conversationName),
  participants: z.optional(
    z.array(personReference).check(
      z.maxLength(mostOthers),
      checkPeople,
      z.meta({
        description:
          'Of a group: who takes part besides the caller. Who is named twice is in it once, and so is the caller.',
        examples: [[{ userId: '01KAJ70B6DF9H2J4K7M0P3Q6RS' }, { email: 'carol@example.com' }]],
      }),
    ),
  ),
  history: z.optional(
    historyVisibility.check(
      z.meta({
        description: 'Of a group: what newcomers see of what was written before them; `full` unless it is said',
      }),
    ),
  ),
  clientConversationId: z.optional(
    clientMessageId.check(
      z.meta({
        description:
          'Of a group: a ULID or lower-case UUIDv7 that the client made for it. It makes a repetition harmless for 30 days; without it, each request makes a group',
        examples: ['01KAJ7A0GYHCN4P7R0T3W6Y9B2'],
      }),
    ),
  ),
};

/** How a conversation is started, once {@link checkStart} has held. */
export type ConversationStart =
  | { readonly kind: 'direct'; readonly userId: string }
  | {
      readonly kind: 'group';
      readonly name: string;
      readonly participants: readonly PersonReference[];
      readonly history?: z.infer<typeof historyVisibility> | undefined;
      readonly clientConversationId?: string | undefined;
    };

const needed = { direct: ['userId'], group: ['name', 'participants'] } as const;
const allowed = { direct: ['userId'], group: ['name', 'participants', 'history', 'clientConversationId'] } as const;

/** What each kind of conversation needs, and what it cannot have. */
function checkStart({ value, issues }: z.core.ParsePayload<Readonly<Record<string, unknown>>>): void {
  const kind = value['kind'] as ConversationStart['kind'];
  const say = (member: string, message: string) =>
    issues.push({ code: 'custom', path: [member], message, input: value });
  for (const member of needed[kind]) {
    if (value[member] === undefined) say(member, `is required for the kind ${kind}`);
  }
  for (const member of Object.keys(members)) {
    const isAllowed = member === 'kind' || (allowed[kind] as readonly string[]).includes(member);
    if (!isAllowed && value[member] !== undefined) say(member, `is not for the kind ${kind}`);
  }
}

export const createConversation = defineRoute({
  operationId: 'createConversation',
  method: 'POST',
  path: '/api/v1/conversations',
  access: 'member',
  summary: 'Start a conversation',
  description:
    'Two people have one direct conversation: the first start answers 201, every later one of the pair 200. A group has a name and up to 500 people of the tenant, named by id or e-mail address; its creator is its admin. A repetition with the same `clientConversationId` is answered 200 with the group as it is now.',
  params: {},
  body: z
    .strictObject(members)
    .check(checkStart, z.meta({ examples: [{ kind: 'direct', userId: '01KAJ70A5CE8G1H3J6K9M2P4QR' }] })),
  responses: { 201: conversation, 200: conversation },
  problems: [
    userNotFound,
    conversationWithSelf,
    groupFull,
    conversationNotFound,
    clockSkew,
    idempotencyConflict,
    rateLimited,
  ],
  idempotent: 'key',
});
