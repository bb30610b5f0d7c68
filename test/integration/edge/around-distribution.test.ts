import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { synthesise } from '../../../lib/synthesis.ts';
import { routeKey } from '../../../shared/contract/kit/define-route.ts';
import { routes } from '../../../shared/contract/registry.ts';
import { projectContext } from '../../infrastructure/project-context.ts';
import { type OwnTestRun, startTestRun } from '../harness.ts';
import { castOf } from '../people.ts';
import { call, RawSocket } from '../raw-client.ts';

let directory: string;
let test: OwnTestRun;
let token: string;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'switchboard-around-'));
  const stage = { ...projectContext.stages['dev'], onlyThroughDistribution: true };
  await synthesise({ context: { stages: { dev: stage } }, outputDirectory: directory, log: () => undefined });
  test = await startTestRun({ assemblyDirectory: directory });
  token = (await castOf(test, 'around')).alice.token;
});

afterAll(async () => {
  await test.stop();
  await rm(directory, { recursive: true, force: true });
});

/** Without the right key, requests look as if they bypassed the edge. */
async function comeWithKey(key: string | undefined): Promise<void> {
  const [file = ''] = readdirSync(directory).filter((name) => name.endsWith('edge.template.json'));
  const template = JSON.parse(readFileSync(join(directory, file), 'utf8')) as {
    Resources: Record<string, { Type: string; Properties: { DistributionConfig: { Origins: Origin[] } } }>;
  };
  for (const { Type, Properties } of Object.values(template.Resources)) {
    if (Type !== 'AWS::CloudFront::Distribution') continue;
    for (const origin of Properties.DistributionConfig.Origins.filter((origin) => origin.OriginCustomHeaders)) {
      origin.OriginCustomHeaders = key === undefined ? [] : [{ HeaderName: 'x-origin-key', HeaderValue: key }];
    }
  }
  writeFileSync(join(directory, file), JSON.stringify(template));
  await test.run.settled();
  await test.restart();
  await test.run.settled();
  test.run.recorder.clear();
}

interface Origin {
  OriginCustomHeaders?: { HeaderName: string; HeaderValue: unknown }[];
}

const requests = [
  ...routes.map((route) => ({ name: routeKey(route), method: route.method, path: route.path })),
  { name: 'no route', method: 'GET', path: '/api/v1/nothing' } as const,
].map((request) => ({ ...request, path: request.path.replaceAll(/\{[^}]+\}/g, '01KAJ72N4DF7H0J3M6P9R2T5VW') }));

describe('a stage that accepts only requests through the distribution', () => {
  it('serves requests and sockets through the distribution', async () => {
    expect((await call(test.url, 'GET', '/api/v1/users/me', { token })).status).toBe(200);
    expect((await call(test.url, 'GET', '/healthz')).status).toBe(200);
    const socket = await new RawSocket(test.run.socketUrl, ['switchboard', `bearer.${token}`]).opened();
    expect((await socket.request('ping', {})).type).toBe('pong');
    await socket.close();
  });

  it.each([
    ['without a key', undefined],
    ['with a guessed key', '00000000-0000-4000-8000-000000000000'],
  ])('rejects every route and every socket %s without reading data', async (_, key) => {
    await comeWithKey(key);
    const answered: string[] = [];
    for (const { name, method, path } of requests) {
      const body = method === 'GET' || method === 'DELETE' ? undefined : {};
      for (const credentials of [{}, { token }]) {
        const { status } = await call(test.url, method, path, { ...credentials, ...(body && { body }) });
        if (status !== 401 && status !== 403) answered.push(`${name}: ${status}`);
      }
    }
    expect(answered).toEqual([]);
    const socket = new RawSocket(test.run.socketUrl, ['switchboard', `bearer.${token}`]);
    await expect(socket.opened()).rejects.toThrow('rejected with 403');
    expect(test.run.recorder.calls()).toEqual([]);
  });
});
