import { expect } from 'vitest';
import { ask, type CrashWorld } from './crash-world.ts';
import { persist } from './persistence.ts';

export async function changeStatus(world: CrashWorld, transition: string, status: string): Promise<void> {
  const path = `/api/v1/admin/users/${world.target.userId}/${transition}`;
  const answer = await persist(() => ask(world, world.admin, 'POST', path));
  expect(answer, answer.text).toMatchObject({ status: 200, body: { status } });
}
