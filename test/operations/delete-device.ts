import { ulid } from 'ulid';
import { expect } from 'vitest';
import { deleteDevice } from '../../shared/contract/devices/delete-device.ts';
import { ask, type CrashWorld } from '../integration/crashes/crash-world.ts';
import { persist } from '../integration/crashes/persistence.ts';
import type { CrashScript } from '../integration/crashes/sweep.ts';
import { absent, casesOf } from '../integration/matrix/request-cases.ts';
import { newToken, Phones } from '../integration/push/phones.ts';
import { defineCard } from './kit/define-card.ts';

const path = '/api/v1/devices';

export const card = defineCard(deleteDevice, {
  matrix: {
    own: () => [],
    slots: {
      'path.deviceId': () =>
        casesOf(
          'path.deviceId',
          [
            { kind: 'an unknown id', value: ulid(), form: 'well-formed' },
            { kind: 'no id', value: '-', form: 'malformed' },
          ],
          absent(404, 'DEVICE_NOT_FOUND'),
          (deviceId) => ({ params: { deviceId } }),
        ),
    },
  },
  goodRequest: ({ guest, device }) => ({ by: guest, params: { deviceId: device } }),
  problems: {
    'device-not-found': { provoke: (_, { send }) => send({ params: { deviceId: ulid() } }) },
  },
  crash: {
    sweeps: {
      'delete a device': (world: CrashWorld): CrashScript<string> => ({
        prepare: async () => {
          const token = newToken();
          const body = { platform: 'fcm', token, deviceId: 'deleted' };
          const answer = await ask(world, world.changer, 'POST', path, body);
          expect(answer.status, answer.text).toBeLessThan(300);
          return token;
        },
        attempt: async () => {
          const answer = await persist(() => ask(world, world.changer, 'DELETE', `${path}/deleted`));
          // The answer to the deletion may be lost.
          expect([204, 404], answer.text).toContain(answer.status);
        },
        check: async (token) => {
          expect((await ask(world, world.changer, 'GET', path)).body.items).toEqual([]);
          expect(await new Phones(world.test).tokens('GCM')).not.toContain(token);
        },
      }),
    },
  },
  replay: { announcesNothing: 'A device is in no timeline.' },
  walk: async (scene) => {
    const { from } = await scene.audience();
    const token = newToken();
    await scene.answer(201, 'POST', path, from, { platform: 'fcm', token, deviceId: 'deleted' });
    await scene.answer(204, 'DELETE', `${path}/deleted`, from);
    expect(await new Phones(scene.walker.test).tokens('GCM')).not.toContain(token);
  },
});
