import fc from 'fast-check';
import { ulid } from 'ulid';
import { describe, expect, it } from 'vitest';
import { schemaWriter } from '../../../shared/contract/documents/json-schema.ts';
import { seed } from '../../reporting/seed.ts';
import { jsonBody } from '../../../shared/transport/json-body.ts';
import { isRefusal } from '../../../shared/core/refusal.ts';
import { readFrame } from '../../../shared/transport/socket.ts';
import { actionNames, actionOf, operationIds, routeOf } from '../system/operations.ts';
import { acceptedCases } from './accepted-values.ts';
import { acceptedFramesOf } from './fuzz-frame.ts';
import { acceptedRequestsOf } from './fuzz-request.ts';
import { ExistingValues } from './existing-values.ts';

// Checks the draws with which the fuzz reaches every operation and action.
const seeds = Array.from({ length: Number(process.env['SEEDS'] ?? 20) }, (_, index) => seed + index * 7_919);
const casesOfTests = 50;

const existing = new ExistingValues();
existing.add('conversationId', ulid(), ulid());
existing.add('userId', ulid());
existing.add('emoji', '👍', '👩‍👩‍👧‍👦');
existing.add('password', 'Switchboard-1!');

function firstDraws<Value>(accepted: fc.Arbitrary<Value>): readonly Value[] {
  return seeds.flatMap((each) => fc.sample(accepted, { seed: each, numRuns: acceptedCases(casesOfTests) }));
}

describe(`with each of ${seeds.length} seeds`, () => {
  it.each(actionNames)('begins the fuzz of %s with frames that the action accepts', (name) => {
    const action = actionOf(name);
    const frames = firstDraws(acceptedFramesOf(action, schemaWriter(), existing));
    expect(frames.length).toBe(seeds.length * acceptedCases(casesOfTests));
    for (const body of frames) {
      const { frame } = readFrame({ body, isBase64Encoded: false });
      if (isRefusal(frame)) throw new Error(`A frame is rejected: ${body}`);
      expect(frame.action).toBe(name);
      expect(action.data.safeParse(frame.data ?? {}).success, body).toBe(true);
    }
  });

  it.each(operationIds)('begins the fuzz of %s with requests that the operation accepts', (id) => {
    const route = routeOf(id);
    const requests = firstDraws(acceptedRequestsOf(route, { writer: schemaWriter(), existing }));
    expect(requests.length).toBe(seeds.length * acceptedCases(casesOfTests));
    for (const { params, query, headers, body } of requests) {
      for (const [name, schema] of Object.entries(route.params)) {
        expect(schema.safeParse(params[name]).success, name).toBe(true);
      }
      expect(route.query.safeParse(Object.fromEntries(new URLSearchParams(query))).success, query).toBe(true);
      if (route.body === undefined) continue;
      const read = jsonBody({ headers, body: body.toString(), isBase64Encoded: false });
      if (isRefusal(read)) throw new Error(`A body is rejected: ${body.toString()}`);
      expect(route.body.safeParse(read.json).success, body.toString()).toBe(true);
    }
  });
});

it('reserves only a part of the cases for accepted values', () => {
  for (const cases of [1, 3, 4, 50, 20_000]) {
    expect(acceptedCases(cases)).toBeGreaterThan(0);
    expect(acceptedCases(cases)).toBeLessThanOrEqual(cases);
  }
});
