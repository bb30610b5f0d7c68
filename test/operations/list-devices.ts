import { expect } from 'vitest';
import { listDevices } from '../../shared/contract/devices/list-devices.ts';
import { plain } from '../integration/matrix/request-cases.ts';
import { newToken } from '../integration/push/phones.ts';
import { defineCard, readsOnly } from './kit/define-card.ts';

export const card = defineCard(listDevices, {
  matrix: plain(200),
  goodRequest: ({ guest }) => ({ by: guest }),
  problems: {},
  ...readsOnly,
  walk: async (scene) => {
    const { from } = await scene.audience();
    const device = { platform: 'fcm', token: newToken() };
    const { id } = await scene.answer(201, 'POST', '/api/v1/devices', from, device);
    const { items } = await scene.answer(200, 'GET', '/api/v1/devices', from);
    expect(items).toMatchObject([{ id, platform: 'fcm', enabled: true }]);
    await scene.answer(204, 'DELETE', `/api/v1/devices/${id}`, from);
  },
});
