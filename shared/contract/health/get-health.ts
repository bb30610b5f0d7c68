import * as z from 'zod/mini';
import { defineRoute } from '../kit/define-route.ts';
import { defineProblem } from '../kit/define-problem.ts';

const check = z.enum(['ok', 'failed']);

export const unhealthy = defineProblem({
  name: 'unhealthy',
  status: 503,
  title: 'A part of the service does not respond',
  description: 'The detail names the checks that failed.',
  retryable: true,
});

export const getHealth = defineRoute({
  operationId: 'getHealth',
  method: 'GET',
  path: '/healthz',
  access: 'public',
  summary: 'Check service health',
  description: 'Reads the table and calls the key service. Answers 503 if either fails.',
  params: {},
  responses: { 200: z.object({ status: z.literal('ok'), checks: z.object({ table: check, keys: check }) }) },
  problems: [unhealthy],
  idempotent: 'safe',
  infallible: true,
});
