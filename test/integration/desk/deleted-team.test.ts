import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TestRun } from '../harness.ts';
import { call } from '../raw-client.ts';
import { sharedTestRun } from '../shared-run.ts';
import { newTeam } from './desk-calls.ts';
import { type Desk, deskOf } from './desk-people.ts';

let test: TestRun;
beforeAll(async () => {
  test = await sharedTestRun();
});
afterAll(() => test.stop());

describe('a conversation whose team was deleted', () => {
  it('belongs to no team when its customer writes again or an agent opens it again', async () => {
    const desk = await deskOf(test, 'deleted-team', { autoAssign: 'off' });
    const team = await newTeam(test, desk.admin, 'Night shift');
    const night = await desk.agent('night', { teams: [team] });
    const other = await desk.agent('other');
    const [written, opened] = [
      await desk.start(desk.customer, { teamId: team }),
      await desk.start(desk.customer, { teamId: team }),
    ];
    for (const id of [written, opened]) {
      await desk.post(night, `/conversations/${id}/assign`, { agentId: 'me' });
      expect((await desk.post(night, `/conversations/${id}/resolve`)).status).toBe(200);
    }
    expect((await desk.post(night, `/conversations/${opened}/close`)).status).toBe(200);
    expect(await deleteTeam(test.url, desk.admin, team)).toBe(204);

    expect((await desk.say(desk.customer, written, 'It is dark again')).status).toBe(201);
    expect((await desk.post(desk.admin, `/conversations/${opened}/reopen`)).status).toBe(200);
    for (const id of [written, opened]) {
      const { status, body } = await desk.get(other, `/conversations/${id}`);
      expect(status).toBe(200);
      expect(body.teamId).toBeUndefined();
    }
    const waiting = (await desk.get(other, '/conversations?view=unassigned')).body.items;
    expect(waiting.map(({ id }: { id: string }) => id)).toEqual([written]);
  });
});

describe('a team that is deleted while conversations arrive', () => {
  it('is either kept with them or takes none of them', async () => {
    const desk = await deskOf(test, 'team-races', { autoAssign: 'off' });
    const moved = await desk.start(desk.customer);
    const outcomes = new Set<string>();
    for (let race = 0; race < 24; race += 1) {
      const teamId = await newTeam(test, desk.admin, `Team ${race}`);
      const arrivals = [
        () => desk.post(desk.customer, '/conversations', { kind: 'support', teamId }),
        () => desk.post(desk.admin, `/conversations/${moved}/transfer`, { teamId }),
        () => desk.patch(desk.admin, `/conversations/${moved}`, { teamId }),
      ];
      const arriving = arrivals[race % arrivals.length]?.();
      // Some deletions begin when the conversation is there.
      await (race % 4 === 0 ? arriving : setTimeout((race % 8) * 3));
      const [arrived, deleted] = await Promise.all([arriving, deleteTeam(test.url, desk.admin, teamId)]);
      // A team that is kept can be deleted when it is empty.
      const answers = `${String(arrived?.status)} ${deleted}`;
      expect(['201 409', '200 409', '404 204']).toContain(answers);
      outcomes.add(answers.slice(-3));
      if (deleted === 409) await emptied(desk, teamId);
    }
    expect([...outcomes].sort()).toEqual(['204', '409']);
  });
});

/** Moves the conversations of a team out of it, and deletes it. */
async function emptied(desk: Desk, teamId: string): Promise<void> {
  const { body } = await desk.get(desk.admin, `/conversations?view=all&teamId=${teamId}&limit=100`);
  expect(body.items.length).toBeGreaterThan(0);
  for (const { id } of body.items) {
    expect((await desk.patch(desk.admin, `/conversations/${id}`, { teamId: null })).status).toBe(200);
  }
  expect(await deleteTeam(test.url, desk.admin, teamId)).toBe(204);
}

async function deleteTeam(url: string, { token }: Desk['admin'], teamId: string): Promise<number> {
  return (await call(url, 'DELETE', `/api/v1/teams/${teamId}`, { token })).status;
}
