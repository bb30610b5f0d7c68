import { expect } from 'vitest';
import { deleteSuppression } from '../../shared/contract/mail/delete-suppression.ts';
import { suppressionKeys } from '../../shared/core/table/integration-keys.ts';
import { tenantPrefix } from '../../shared/core/tenancy/tenant-scope.ts';
import { ask, type CrashWorld } from '../integration/crashes/crash-world.ts';
import { persist } from '../integration/crashes/persistence.ts';
import type { CrashScript } from '../integration/crashes/sweep.ts';
import { newSuppressionId, storeSuppression } from '../integration/mail/stored-suppression.ts';
import { absent, casesOf } from '../integration/matrix/request-cases.ts';
import { defineCard } from './kit/define-card.ts';

const path = '/api/v1/admin/suppressions';
const sweptId = newSuppressionId();

export const card = defineCard(deleteSuppression, {
  matrix: {
    own: ({ home }) =>
      home === undefined
        ? []
        : [{ name: 'own', request: { params: { suppressionId: home.suppression } }, status: 204 }],
    slots: {
      'path.suppressionId': ({ foreign }) =>
        casesOf(
          'path.suppressionId',
          [
            { kind: 'an id that never existed', value: newSuppressionId(), form: 'well-formed' },
            { kind: 'another tenant’s', value: foreign.suppression, form: 'well-formed' },
            { kind: 'one more character', value: `${foreign.suppression}A`, form: 'malformed' },
            { kind: 'another tenant’s key', value: `T#${foreign.tenantId}#SUPPRESSIONS`, form: 'malformed' },
            { kind: 'a member of every object', value: '__proto__', form: 'malformed' },
          ],
          absent(404, 'SUPPRESSION_NOT_FOUND'),
          (suppressionId) => ({ params: { suppressionId } }),
        ),
    },
  },
  goodRequest: ({ admin, suppression }) => ({ by: admin, params: { suppressionId: suppression } }),
  problems: {
    'suppression-not-found': { provoke: (_, { send }) => send({ params: { suppressionId: newSuppressionId() } }) },
  },
  crash: {
    sweeps: {
      'delete a suppression': (world: CrashWorld): CrashScript<string> => ({
        // The same at each point, because the names of the calls contain it.
        prepare: () => storeSuppression(world.tables, world.prefix, sweptId),
        attempt: async (id) => {
          const answer = await persist(() => ask(world, world.admin, 'DELETE', `${path}/${id}`));
          // The answer to the deletion may be lost.
          expect([204, 404], answer.text).toContain(answer.status);
        },
        check: async (id) => {
          const { pk, sk } = suppressionKeys.suppression(id);
          expect(await world.tables.get(world.prefix + pk, sk)).toBeUndefined();
        },
      }),
    },
  },
  replay: { announcesNothing: 'A suppression is in no timeline.' },
  walk: async (scene) => {
    const { tables, admin } = scene.walker;
    const id = await storeSuppression(tables, `${tenantPrefix}${admin.tenantId}#`);
    await scene.answer(204, 'DELETE', `${path}/${id}`, admin);
  },
});
