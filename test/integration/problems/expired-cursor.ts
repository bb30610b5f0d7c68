import type { Provocation } from './provocation.ts';
import type { Stage } from './stage.ts';

export function expiredCursor(list: (stage: Stage) => string): Provocation {
  return {
    provoke: async (stage, { send }) => {
      const page = await send({ query: { limit: '1' } });
      const issued = Buffer.from(String(page.body.nextCursor), 'base64url').toString();
      const [name, position] = JSON.parse(issued) as [string, object];
      if (name !== list(stage)) throw new Error(`The cursor belongs to the list ${name}`);
      const cursor = Buffer.from(JSON.stringify([name, position, Date.now() - 1])).toString('base64url');
      return send({ query: { cursor } });
    },
  };
}
