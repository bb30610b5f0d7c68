import type { Provocation } from './provocation.ts';
import { functionOf, send } from './implied-provocations.ts';
import { slug, type Stage } from './stage.ts';

/** Has the tenant's setting changed, and nobody remember the other one. */
async function setSearch({ test }: Stage, search: 'on' | 'off'): Promise<void> {
  const changed = await test.provision({ command: 'changeSettings', tenant: slug, settings: { search } });
  if (!changed.ok) throw new Error(changed.problem.detail);
  await test.run.functions.recycle(functionOf('searchMessages'));
}

type Name = 'search-off' | 'conversation-not-found' | 'invalid-cursor';

export const searchProvocations: Readonly<Record<'searchMessages', Readonly<Record<Name, Provocation>>>> = {
  searchMessages: {
    'search-off': {
      provoke: async (stage) => {
        await setSearch(stage, 'off');
        try {
          return await send(stage, 'searchMessages');
        } finally {
          await setSearch(stage, 'on');
        }
      },
      changes: 'the tenant switches search off',
    },
    'conversation-not-found': {
      provoke: (stage) => {
        const query = { conversationId: stage.conversation };
        return send(stage, 'searchMessages', { by: stage.stranger, query });
      },
    },
    'invalid-cursor': {
      provoke: (stage) => {
        const position = { at: '1795249800000', conversationId: stage.conversation, seq: '1' };
        const expired = JSON.stringify([`search/${stage.alice.userId}`, position, Date.now() - 1]);
        return send(stage, 'searchMessages', {
          query: { q: 'hello', cursor: Buffer.from(expired).toString('base64url') },
        });
      },
    },
  },
};
