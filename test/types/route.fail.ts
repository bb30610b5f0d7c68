import * as z from 'zod/mini';
import { defineRoute } from '../../shared/contract/kit/define-route.ts';
import { getMessage } from '../../shared/contract/messages/get-message.ts';
import { sendMessage } from '../../shared/contract/messages/send-message.ts';
import { userRoutes } from '../../shared/contract/identity/user-routes.ts';
import { emailTaken, throttled } from '../../shared/contract/problems.ts';
import type { Message } from '../../shared/contract/schemas/message.ts';
import type { User } from '../../shared/contract/schemas/user.ts';
import { serve } from '../../shared/transport/http.ts';
import type { Handler } from '../../shared/transport/http.ts';
import { refuse } from '../../shared/core/refusal.ts';

// Routes and their handlers: what must not compile. Each directive names the error that it expects.

declare const message: Message;
declare const user: User;

const lamp = {
  operationId: 'getLamp',
  method: 'GET',
  access: 'member',
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

export const sends: Handler<typeof sendMessage> = async () => ({ status: 201, body: message });
export const refuses: Handler<typeof sendMessage> = async () => refuse(throttled);

// @ts-expect-error TS2322 the problem is not declared
export const refusesOtherwise: Handler<typeof sendMessage> = async () => refuse(emailTaken);

// @ts-expect-error TS2322 the status is not declared
export const createsOnRead: Handler<typeof getMessage> = async () => ({ status: 201, body: message });

// @ts-expect-error TS2322 the body belongs to another operation
export const answersOtherwise: Handler<typeof getMessage> = async () => ({ status: 200, body: user });

// @ts-expect-error TS2339 the input has validated parameters only
export const readsAnother: Handler<typeof getMessage> = async ({ params }) => refuse(params.lampId);

export const servesAll = serve(userRoutes, {
  getMe: async () => ({ status: 200, body: user }),
  updateMe: async () => ({ status: 200, body: user }),
  listUsers: async () => ({ status: 200, body: { items: [user], nextCursor: null } }),
});

// @ts-expect-error TS2345 two operations have no handler
export const servesOne = serve(userRoutes, { getMe: async () => ({ status: 200, body: user }) });
