import { ulid } from 'ulid';
import { expect } from 'vitest';
import type { TestRun } from '../harness.ts';
import { password } from '../people.ts';
import type { OperationWalk } from './walk-scene.ts';

export const provisionWalk: OperationWalk = async (scene) => {
  const { walker } = scene;
  const slug = `t${ulid().slice(-12).toLowerCase()}`;
  const done = async (command: Parameters<TestRun['provision']>[0]) =>
    expect(await walker.test.provision(command)).toMatchObject({ ok: true });
  await done({ command: 'createTenant', slug, settings: {} });
  await done({ command: 'changeSettings', tenant: slug, settings: { textLength: 100 } });
  await done({ command: 'describe' });
  const names = { firstName: 'New', lastName: 'Admin', username: 'admin', email: `admin@${slug}.test` };
  await done({ command: 'createAdmin', tenant: slug, ...names, password, active: true });
  // A replaced shortcut is deleted.
  for (const tenant of [slug, undefined]) {
    for (const shortcut of ['first', 'second']) {
      const reply = { kind: 'reply', key: slug, name: 'First', language: 'en', text: 'Hello' } as const;
      const templates = [{ ...reply, shortcut: `${shortcut}-${slug}` }];
      const place = tenant === undefined ? {} : { tenant };
      expect(await walker.test.provision({ command: 'loadTemplates', templates, ...place })).toMatchObject({
        templates: [{ outcome: shortcut === 'first' ? 'created' : 'updated' }],
      });
    }
  }
  const { id: conversationId } = await scene.audience();
  await scene.message();
  await walker.test.run.settled();
  const command = { command: 'verifyConversation', tenant: walker.cast.slug, conversationId } as const;
  expect(await walker.test.provision(command)).toMatchObject({ ok: true, verdict: { anchored: { seq: 1 } } });
};
