import { describe, expect, it } from 'vitest';
import { jsonBody } from './json-body.ts';
import { isRefusal } from './refusal.ts';

const headers = { 'content-type': 'application/json' };

function problemOf(body: string): string | undefined {
  const result = jsonBody({ headers, body, isBase64Encoded: false });
  return isRefusal(result) ? result.refused.name : undefined;
}

describe('a body', () => {
  it('may be nested, but not so deeply that whoever walks it runs out of stack', () => {
    const nested = (levels: number) => '{"a":'.repeat(levels) + '1' + '}'.repeat(levels);
    expect(problemOf(nested(32))).toBeUndefined();
    expect(problemOf(nested(33))).toBe('malformed-json');
    expect(problemOf(nested(5_000))).toBe('malformed-json');
    expect(problemOf('['.repeat(30_000) + ']'.repeat(30_000))).toBe('malformed-json');
  });

  it('has no member that would be lost on the way, wherever it stands', () => {
    for (const body of ['{"__proto__":1}', '{"a":[{"\\u005f_proto__":{}}]}']) {
      expect(problemOf(body)).toBe('malformed-json');
    }
    expect(problemOf('{"constructor":1,"toString":"__proto__"}')).toBeUndefined();
  });

  it('may hold many things side by side', () => {
    expect(problemOf(JSON.stringify({ list: Array.from({ length: 5_000 }, () => ({ a: [1] })) }))).toBeUndefined();
  });
});
