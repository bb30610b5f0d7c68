import { deviceRoutes } from '../shared/contract/devices/routes.ts';
import { deleteDevice } from '../shared/features/devices/delete-device.ts';
import { listDevices } from '../shared/features/devices/list-devices.ts';
import { registerDevice } from '../shared/features/devices/register-device.ts';
import { answer } from '../shared/core/refusal.ts';
import { serve } from '../shared/transport/http.ts';

export const handler = serve(deviceRoutes, {
  listDevices,
  registerDevice: async (principal, input) =>
    answer(await registerDevice(principal, input), ({ isNew, device }) => ({
      status: isNew ? 201 : 200,
      body: device,
    })),
  deleteDevice,
});
