import * as z from 'zod/mini';
import { defineRoute } from '../kit/define-route.ts';
import { device } from '../schemas/device.ts';

export const listDevices = defineRoute({
  operationId: 'listDevices',
  method: 'GET',
  path: '/api/v1/devices',
  access: 'devices:manage',
  summary: 'List your devices',
  description: 'The devices that receive your pushes, at most 20, the latest registration first.',
  params: {},
  responses: { 200: z.object({ items: z.array(device), nextCursor: z.null() }) },
  problems: [],
  idempotent: 'safe',
});
