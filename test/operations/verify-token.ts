import { verifyToken } from '../../shared/contract/identity/verify-token.ts';
import { invalidToken, tokenSlot } from '../integration/matrix/session-slots.ts';
import { defineCard, readsOnly } from './kit/define-card.ts';

export const card = defineCard(verifyToken, {
  matrix: {
    own: ({ person }) => [{ name: 'own', request: { body: { token: person.token } }, status: 200 }],
    slots: { 'body.token': tokenSlot('token', ({ person }) => person.token, invalidToken) },
  },
  goodRequest: ({ bob }) => ({ by: bob, body: { token: bob.token } }),
  problems: {
    'invalid-token': { provoke: (stage, { send }) => send({ body: { token: `${stage.bob.token}A` } }) },
  },
  ...readsOnly,
  walk: async (scene) => {
    const { token } = await scene.session();
    await scene.answer(200, 'POST', '/api/v1/auth/verify', undefined, { token });
  },
});
