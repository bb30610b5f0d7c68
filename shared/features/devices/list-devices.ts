import type { listDevices as listDevicesRoute } from '../../contract/devices/list-devices.ts';
import type { UseCase } from '../../core/use-case.ts';
import { deviceViewOf } from './device-item.ts';
import { readDevices } from './device-store.ts';
import { ownersAmong } from './endpoint-owner.ts';

/** Without devices that now belong to another user, who may be of another tenant. */
export const listDevices: UseCase<typeof listDevicesRoute> = async ({ scope, userId }) => {
  const own = await ownersAmong(await readDevices(scope, userId));
  return {
    items: own.toSorted((one, other) => other.seenAt - one.seenAt).map(deviceViewOf),
    nextCursor: null,
  };
};
