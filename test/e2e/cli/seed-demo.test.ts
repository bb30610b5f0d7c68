import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { demoPassword } from '../../../bin/demo-data.ts';
import { startTestRun, type TestRun } from '../../integration/harness.ts';
import { call, signIn } from '../../integration/raw-client.ts';
import { runCli } from './child-process.ts';

let test: TestRun;

beforeAll(async () => {
  test = await startTestRun();
});
afterAll(() => test.stop());

const cli = (...args: string[]) => runCli(test.dataDirectory, args);

describe('seed-demo --with-messages', () => {
  it('fills direct, group and support conversations with every type of message, once', async () => {
    const first = await cli('seed-demo', '--with-messages', '--json');
    expect(first.exitCode, first.errors).toBe(0);
    expect(JSON.parse(first.output)).toMatchObject({ conversationsCreated: 9 });
    const [alice, agent] = await Promise.all(
      ['alice', 'agent'].map((name) => signIn(test.url, 'demo', `${name}@demo.test`, demoPassword)),
    );
    const get = async (person: typeof alice, path: string) =>
      (await call(test.url, 'GET', `/api/v1/conversations${path}`, { token: person?.token ?? '' })).body;
    const own = await get(alice, '');
    const open = await get(agent, '?kind=support&view=all');
    const types = new Set<string>();
    for (const [person, { items }] of [
      [alice, own],
      [agent, open],
    ]) {
      for (const { id } of items) for (const { type } of (await get(person, `/${id}/messages`)).items) types.add(type);
    }
    const all = ['text', 'location', 'image', 'voice', 'file', 'note', 'form', 'system'];
    expect([...types].toSorted()).toEqual(all.toSorted());
    const second = await cli('seed-demo', '--with-messages', '--json');
    expect(JSON.parse(second.output)).toMatchObject({ conversationsCreated: 0 });
  });
});
