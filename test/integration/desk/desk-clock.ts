import type { Desk } from './desk-people.ts';
import { password } from '../people.ts';
import type { TestRun } from '../harness.ts';
import { signIn, type SignedIn } from '../raw-client.ts';
import { Tables } from '../system/tables.ts';

export const second = 1000;
export const minute = 60 * second;

export interface LogItem {
  readonly seq: number;
  readonly type: string;
  readonly createdAt: string;
  readonly text?: string;
  readonly system?: { readonly kind: string; readonly metric?: string; readonly alerted?: readonly string[] };
}

/** The clock of a separate run. Whatever is due happens at its time, however far the clock is advanced. */
export class DeskClock {
  readonly #test: TestRun;

  constructor(test: TestRun) {
    this.#test = test;
  }

  get now(): number {
    return Date.now() + this.#test.run.timers.clockOffsetMs;
  }

  async advance(milliseconds: number): Promise<void> {
    await this.advanceTo(this.now + milliseconds);
  }

  async advanceTo(time: number): Promise<void> {
    const { run } = this.#test;
    await run.settled();
    for (;;) {
      const dueAt = run.timers.pending()[0]?.dueAt ?? Infinity;
      run.timers.advance(Math.max(0, Math.min(dueAt, time) - this.now));
      await run.settled();
      if (dueAt > time) return;
    }
  }

  /** Access tokens end after 15 minutes. */
  async signedIn(desk: Desk, username: string): Promise<SignedIn> {
    return signIn(this.#test.url, desk.slug, `${username}@${desk.slug}.test`, password);
  }
}

export async function logOf(desk: Desk, who: SignedIn, id: string): Promise<readonly LogItem[]> {
  const { body, status, text } = await desk.get(who, `/conversations/${id}/messages?limit=100`);
  if (status !== 200) throw new Error(text);
  return body.items as readonly LogItem[];
}

export function noticesOf(items: readonly LogItem[], kind: string): readonly LogItem[] {
  return items.filter(({ system }) => system?.kind === kind);
}

/** Changes the settings of a tenant as a function does. */
export async function changeSettings(test: TestRun, tenantId: string, settings: object, wakeAt: number): Promise<void> {
  const tables = new Tables(test.run);
  const pk = `T#${tenantId}#TENANT`;
  const item = await tables.get(pk, 'SETTINGS');
  if (item === undefined) throw new Error('The tenant has no settings');
  await tables.put({ ...item, settings: { ...(item['settings'] as object), ...settings }, wakeAt });
  await test.run.settled();
}
