import { defineRoute } from '../kit/define-route.ts';
import { device, newDevice } from '../schemas/device.ts';
import { deviceLimitReached, pushNotConfigured, pushTokenRejected } from './problems.ts';

export const registerDevice = defineRoute({
  operationId: 'registerDevice',
  method: 'POST',
  path: '/api/v1/devices',
  access: 'devices:manage',
  summary: 'Register a device for pushes',
  description:
    'Call it whenever the app starts, and when the operating system issues another token. A known device answers with 200. A device belongs to the session and the user that registered it last: the earlier user gets no more pushes there. Pushes of a tenant’s first device begin within 30 seconds.',
  params: {},
  body: newDevice,
  responses: { 200: device, 201: device },
  problems: [deviceLimitReached, pushNotConfigured, pushTokenRejected],
  idempotent: 'yes',
});
