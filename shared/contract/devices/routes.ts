import { deleteDevice } from './delete-device.ts';
import { listDevices } from './list-devices.ts';
import { registerDevice } from './register-device.ts';

export const deviceRoutes = [listDevices, registerDevice, deleteDevice] as const;
