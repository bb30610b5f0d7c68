import type { Caller } from './caller.ts';
import { wrongIds } from './id-values.ts';
import { malformed, plain, type Row } from './row.ts';

/** Whoever is not seen is left out: all answers to ids that lead nowhere are alike. */
export const getPresence: Row = {
  own: ({ person }: Caller) => [{ name: 'own', request: { query: { ids: person.userId } }, status: 200 }],
  slots: {
    'query.ids': ({ person, foreign }: Caller) =>
      wrongIds({ own: person.userId, foreign: foreign.bob.userId, foreignTenantId: foreign.tenantId }).map(
        ({ kind, value, form }) => ({
          name: `query.ids is ${kind}`,
          request: { query: { ids: value } },
          ...(form === 'malformed' ? malformed : { status: 200, alike: 'absent' }),
        }),
      ),
  },
};

export const updatePresence: Row = plain(200, { body: { status: 'online' } });
