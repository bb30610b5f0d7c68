import type { deleteDevice as deleteDeviceRoute } from '../../contract/devices/delete-device.ts';
import { deviceNotFound } from '../../contract/devices/problems.ts';
import { refuse } from '../../core/refusal.ts';
import type { UseCase } from '../../core/use-case.ts';
import { readDevices } from './device-store.ts';
import { forgetDevices } from './forget-devices.ts';

export const deleteDevice: UseCase<typeof deleteDeviceRoute> = async ({ scope, userId }, { deviceId }) => {
  const deleted = (await readDevices(scope, userId)).filter(({ id }) => id === deviceId);
  if (deleted.length === 0) return refuse(deviceNotFound);
  await forgetDevices(scope, userId, deleted);
  return undefined;
};
