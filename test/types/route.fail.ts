import * as z from 'zod/mini';
import { defineRoute } from '../../shared/contract/kit/define-route.ts';
import { login } from '../../shared/contract/identity/login.ts';
import { getMessage } from '../../shared/contract/messages/get-message.ts';
import { sendMessage } from '../../shared/contract/messages/send-message.ts';
import { userRoutes } from '../../shared/contract/identity/user-routes.ts';
import { emailTaken, throttled } from '../../shared/contract/problems.ts';
import type { Message } from '../../shared/contract/schemas/message.ts';
import type { User } from '../../shared/contract/schemas/user.ts';
import { serve } from '../../shared/transport/http.ts';
import type { RouteHandler } from '../../shared/transport/http.ts';
import { refuse } from '../../shared/core/refusal.ts';
import type { UseCase } from '../../shared/core/use-case.ts';

// These must not compile. Each directive names the expected error.

declare const message: Message;
declare const user: User;

const lamp = {
  operationId: 'getLamp',
  method: 'GET',
  access: 'users:list',
  summary: 'Get a lamp',
  responses: { 200: z.object({ brightness: z.int() }) },
  problems: [throttled],
  idempotent: 'safe',
} as const;

export const matching = defineRoute({ ...lamp, path: '/lamps/{lampId}', params: { lampId: z.string() } });

// @ts-expect-error TS2322 a parameter of the path is missing
export const missing = defineRoute({ ...lamp, path: '/lamps/{lampId}', params: {} });

// @ts-expect-error TS2322 a parameter is not in the path
export const surplus = defineRoute({ ...lamp, path: '/lamps', params: { lampId: z.string() } });

// @ts-expect-error TS2353 a status that no operation answers with
export const unusual = defineRoute({ ...lamp, path: '/lamps', params: {}, responses: { 299: z.string() } });

export const sends: UseCase<typeof sendMessage> = async () => message;
export const refuses: UseCase<typeof sendMessage> = async () => refuse(throttled);
export const replays: RouteHandler<typeof sendMessage> = async () => ({ status: 200, body: message });

// @ts-expect-error TS2322 the problem is not declared
export const refusesOtherwise: UseCase<typeof sendMessage> = async () => refuse(emailTaken);

// @ts-expect-error TS2322 the status is not declared
export const accepts: RouteHandler<typeof sendMessage> = async () => ({ status: 202, body: message });

// @ts-expect-error TS2322 the route has two statuses, and the answer names none
export const unspecific: RouteHandler<typeof sendMessage> = async () => message;

// @ts-expect-error TS2322 the value belongs to another operation
export const answersOtherwise: UseCase<typeof getMessage> = async () => user;

// @ts-expect-error TS2339 the input has validated members only
export const readsAnother: UseCase<typeof getMessage> = async (_principal, input) => refuse(input.lampId);

// @ts-expect-error TS2339 a public operation has no principal
export const asksWho: UseCase<typeof login> = async (principal) => refuse(principal.userId);

export const servesAll = serve(userRoutes, {
  getMe: async () => user,
  updateMe: async () => user,
  listUsers: async () => ({ items: [user], nextCursor: null }),
});

// @ts-expect-error TS2345 two operations have no handler
export const servesOne = serve(userRoutes, { getMe: async () => user });
