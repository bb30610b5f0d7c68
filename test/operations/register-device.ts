import { expect } from 'vitest';
import { registerDevice } from '../../shared/contract/devices/register-device.ts';
import { ask, type CrashWorld } from '../integration/crashes/crash-world.ts';
import { persist } from '../integration/crashes/persistence.ts';
import type { CrashScript } from '../integration/crashes/sweep.ts';
import { plain } from '../integration/matrix/request-cases.ts';
import { newToken, Phones } from '../integration/push/phones.ts';
import { call } from '../integration/raw-client.ts';
import { defineCard } from './kit/define-card.ts';

const path = '/api/v1/devices';
const good = () => ({ body: { platform: 'apns', token: newToken(), deviceId: 'phone', language: 'de' } });

export const card = defineCard(registerDevice, {
  matrix: {
    ...plain(201),
    own: () => [{ name: 'a new device', request: { body: { platform: 'fcm', token: newToken() } }, status: 201 }],
  },
  goodRequest: ({ guest }) => ({ by: guest, ...good() }),
  problems: {
    'device-limit-reached': {
      provoke: async ({ test, guest }, { send }) => {
        const phones = new Phones(test);
        const { items } = (await call(test.url, 'GET', path, { token: guest.token })).body;
        const added = Array.from({ length: 20 - items.length }, (_, index) => `further-${index}`);
        for (const deviceId of added) await phones.register(guest, newToken(), { deviceId });
        const answer = await send({ body: { platform: 'apns', token: newToken(), deviceId: 'another' } });
        for (const id of added) await call(test.url, 'DELETE', `${path}/${id}`, { token: guest.token });
        return answer;
      },
      changes: 'devices are registered until the limit, and deleted',
    },
    'push-not-configured': {
      provoke: async ({ test }, { send }) => {
        const phones = new Phones(test);
        await phones.removePlatform('APNS_SANDBOX');
        const answer = await send({ body: { platform: 'apns-sandbox', token: newToken() } });
        await phones.configure();
        return answer;
      },
    },
    'push-token-rejected': {
      provoke: (_, { send }) => send({ body: { platform: 'apns', token: 'not-hexadecimal' } }),
      pointers: ['/body/token'],
    },
  },
  crash: {
    sweeps: {
      'register a device with another token': (world: CrashWorld): CrashScript<readonly [string, string]> => {
        const phones = new Phones(world.test);
        return {
          prepare: async () => [newToken(), newToken()],
          attempt: async (tokens) => {
            for (const token of tokens) {
              const body = { platform: 'apns', token, deviceId: 'phone' };
              const answer = await persist(() => ask(world, world.visitor, 'POST', path, body));
              expect([200, 201], answer.text).toContain(answer.status);
            }
          },
          check: async ([, last]) => {
            const { body } = await ask(world, world.visitor, 'GET', path);
            expect(body.items).toMatchObject([{ id: 'phone', enabled: true }]);
            expect(await phones.tokens('APNS')).toContain(last);
          },
        };
      },
    },
  },
  replay: { announcesNothing: 'A device is in no timeline.' },
  walk: async (scene) => {
    const { from } = await scene.audience();
    const phones = new Phones(scene.walker.test);
    const device = { platform: 'apns', token: newToken(), deviceId: 'phone' };
    await scene.answer(201, 'POST', path, from, device);
    await phones.disableEndpoints('APNS');
    await scene.answer(200, 'POST', path, from, device);
    await scene.answer(200, 'POST', path, from, { ...device, token: newToken() });
    await scene.eventually('the endpoint of the former token is deleted', async () => {
      return !(await phones.tokens('APNS')).includes(device.token);
    });
    await scene.answer(204, 'DELETE', `${path}/phone`, from);
  },
});
