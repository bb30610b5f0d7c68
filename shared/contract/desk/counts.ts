import * as z from 'zod/mini';
import { defineRoute } from '../kit/define-route.ts';
import { teamId } from '../schemas/support.ts';

const amount = z.int().check(z.meta({ examples: [3] }));
const byStatus = z.object({ waiting: amount, active: amount, resolved: amount, closed: amount });
const byPriority = z.object({ low: amount, medium: amount, high: amount, urgent: amount });

export const getCounts = defineRoute({
  operationId: 'getCounts',
  method: 'GET',
  path: '/api/v1/conversations/counts',
  access: 'desk:work',
  summary: 'Count the conversations of the desk',
  description: 'Exact numbers of the conversations that you have access to. Archived ones do not count.',
  params: {},
  query: z.strictObject({ teamId: z.optional(teamId.check(z.describe('Only the conversations of this team'))) }),
  responses: {
    200: z
      .object({
        mine: amount.check(z.describe('Active conversations that are assigned to you')),
        unassigned: amount.check(z.describe('Waiting conversations')),
        all: amount.check(z.describe('Waiting and active conversations')),
        byStatus,
        byPriority: byPriority.check(z.describe('Waiting and active conversations')),
      })
      .register(z.globalRegistry, { id: 'DeskCounts' }),
  },
  problems: [],
  idempotent: 'safe',
});
