import type { Desk } from './desk-people.ts';
import { password } from '../people.ts';
import type { TestRun } from '../harness.ts';
import { signIn, type SignedIn } from '../raw-client.ts';
import type { TenantSettingsChange } from '../../../shared/features/tenants/settings-change.ts';

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

/** Changes the settings of a tenant as a deployer does. */
export async function changeSettings(test: TestRun, { slug }: Desk, settings: TenantSettingsChange): Promise<void> {
  const result = await test.provision({ command: 'changeSettings', tenant: slug, settings });
  if (!result.ok) throw new Error(result.problem.detail);
  await test.run.settled();
}
