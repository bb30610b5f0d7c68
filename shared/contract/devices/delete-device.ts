import { defineRoute } from '../kit/define-route.ts';
import { deviceId } from '../schemas/device.ts';
import { deviceNotFound } from './problems.ts';

export const deleteDevice = defineRoute({
  operationId: 'deleteDevice',
  method: 'DELETE',
  path: '/api/v1/devices/{deviceId}',
  access: 'devices:manage',
  summary: 'Delete a device',
  description: 'It receives no more pushes. The end of a session also deletes the devices that the session registered.',
  params: { deviceId },
  responses: { 204: null },
  problems: [deviceNotFound],
  idempotent: 'yes',
});
