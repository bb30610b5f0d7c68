import type { TestRun } from '../harness.ts';
import { connect } from '../people.ts';
import { call, type Frame, type SignedIn } from '../raw-client.ts';

export interface Absence {
  readonly resume?: Record<string, number>;
  readonly since?: string;
}

export function catchUpCalls(test: TestRun) {
  const ask = async (who: SignedIn, method: string, path: string, body?: unknown) => {
    const answer = await call(test.url, method, `/api/v1${path}`, {
      token: who.token,
      ...(body === undefined ? {} : { body }),
    });
    if (answer.status >= 300) throw new Error(`${method} ${path}: ${answer.text}`);
    return answer.body;
  };
  return {
    ask,
    overSocket: async (who: SignedIn, data: Absence) => {
      const socket = await connect(test, who);
      const welcome = await socket.request('hello', data);
      const last = await socket.frame((frame) => frame.type === 'sync.page' && frame.data.complete === true, 60_000);
      const pages = socket.frames.filter((frame) => frame.type === 'sync.page');
      await socket.close();
      const events: Frame[] = pages.flatMap((page) => page.data.events);
      return { welcome, pages, events, since: last.data.since as string };
    },
    overHttp: async (who: SignedIn, positions: Record<string, number>, since?: string) => {
      const pages: Frame[] = [];
      let next = { positions, since: since ?? null };
      do {
        const query = new URLSearchParams();
        const positions = Object.entries(next.positions).map(([id, seq]) => `${id}:${seq}`);
        if (positions.length > 0) query.set('positions', positions.join(','));
        if (next.since !== null) query.set('since', next.since);
        const page = await ask(who, 'GET', `/sync?${query.toString()}`);
        pages.push(page);
        next = page;
      } while (!pages.at(-1).complete);
      return { pages, events: pages.flatMap((page): Frame[] => page.events), since: pages.at(-1).since as string };
    },
  };
}

/** Removes the times of events outside the log. */
export const timeless = (events: readonly Frame[]) =>
  events.map((event) => (event.seq === undefined ? { ...event, at: undefined } : event));
