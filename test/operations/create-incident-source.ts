import { ulid } from 'ulid';
import { expect } from 'vitest';
import { createIncidentSource } from '../../shared/contract/incidents/sources.ts';
import { ask, type CrashWorld } from '../integration/crashes/crash-world.ts';
import { persist } from '../integration/crashes/persistence.ts';
import type { CrashScript } from '../integration/crashes/sweep.ts';
import { succeed } from '../integration/desk/desk-calls.ts';
import { newSource } from '../integration/incidents/incident-calls.ts';
import { newReply } from '../integration/templates/template-calls.ts';
import { defineCard } from './kit/define-card.ts';

const path = '/api/v1/admin/sources';
const fields = (name: string) => ({ name, kind: 'generic', authentication: { mode: 'token' } });
const withRule = (then: object) => ({ ...fields('Rules'), rules: [{ name: 'All', then }] });

export const card = defineCard(createIncidentSource, {
  matrix: {
    own: ({ home }) => [
      { name: 'own', request: { body: fields(`${home?.canary ?? 'canarystaff'} monitor`) }, status: 201 },
    ],
    slots: {},
  },
  goodRequest: ({ admin }) => ({ by: admin, body: fields('Monitor') }),
  problems: {
    'source-limit-reached': {
      provoke: async ({ test, admin }, { send }) => {
        const before = (await succeed(test, admin, 'GET', '/admin/sources')).items.length as number;
        const added: string[] = [];
        for (let count = before; count < 20; count += 1) added.push((await newSource(test, admin)).id);
        const answer = await send();
        for (const id of added) await succeed(test, admin, 'DELETE', `/admin/sources/${id}`);
        return answer;
      },
      changes: 'sources are created until the limit, and deleted',
    },
    'team-not-found': {
      provoke: (_, { send }) => send({ body: withRule({ teamId: ulid() }) }),
      pointers: ['/body/rules/0/then/teamId'],
    },
    'template-not-found': {
      provoke: (_, { send }) => send({ body: withRule({ templateId: ulid() }) }),
      pointers: ['/body/rules/0/then/templateId'],
    },
    'user-not-found': {
      provoke: (_, { send }) => send({ body: withRule({ onBehalfOf: ulid() }) }),
      pointers: ['/body/rules/0/then/onBehalfOf'],
    },
  },
  crash: {
    sweeps: {
      'create a source of incidents': (world: CrashWorld): CrashScript<string> => ({
        prepare: async () => `Monitor ${ulid()}`,
        attempt: async (name) => {
          const answer = await persist(() => ask(world, world.admin, 'POST', path, fields(name)));
          expect(answer.status, answer.text).toBe(201);
        },
        check: async (name) => {
          const { items } = await succeed(world.test, world.admin, 'GET', '/admin/sources');
          const own = (items as readonly { readonly id: string; readonly name: string }[]).filter(
            (source) => source.name === name,
          );
          // A lost answer leaves a source whose secret was shown to no admin.
          expect(own.length).toBeGreaterThan(0);
          for (const { id } of own) await succeed(world.test, world.admin, 'DELETE', `/admin/sources/${id}`);
        },
      }),
    },
  },
  replay: { announcesNothing: 'A source is in no timeline.' },
  walk: async (scene) => {
    const { admin } = scene.walker;
    const template = await scene.answer(201, 'POST', '/api/v1/templates', admin, newReply());
    const rules = withRule({ templateId: template.id });
    const { source } = await scene.answer(201, 'POST', path, admin, rules);
    await scene.answer(204, 'DELETE', `${path}/${source.id}`, admin);
  },
});
