import { expect } from 'vitest';
import { RawSocket } from '../raw-client.ts';
import { ask, type CrashWorld } from './crash-world.ts';
import { persist } from './persistence.ts';

/** A ticket works once. */
export async function openWithTicket(world: CrashWorld): Promise<RawSocket> {
  for (let attempt = 1; ; attempt += 1) {
    const answer = await persist(() => ask(world, world.admin, 'POST', '/api/v1/auth/ticket'));
    expect(answer.status, answer.text).toBe(201);
    try {
      return await new RawSocket(`${world.test.run.socketUrl}?ticket=${answer.body.ticket}`).opened();
    } catch (error) {
      if (attempt === 5) throw error;
    }
  }
}
