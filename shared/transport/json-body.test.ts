import { describe, expect, it } from 'vitest';
import { jsonBody } from './json-body.ts';
import { isRefusal } from '../core/refusal.ts';

const headers = { 'content-type': 'application/json' };

function problemOf(body: string): string | undefined {
  const result = jsonBody({ headers, body, isBase64Encoded: false });
  return isRefusal(result) ? result.refused.name : undefined;
}

describe('jsonBody', () => {
  it('rejects nesting that would exhaust the stack', () => {
    const nested = (levels: number) => '{"a":'.repeat(levels) + '1' + '}'.repeat(levels);
    expect(problemOf(nested(32))).toBeUndefined();
    expect(problemOf(nested(33))).toBe('malformed-json');
    expect(problemOf(nested(5_000))).toBe('malformed-json');
    expect(problemOf('['.repeat(30_000) + ']'.repeat(30_000))).toBe('malformed-json');
  });

  it('rejects a member called __proto__ at any depth', () => {
    for (const body of ['{"__proto__":1}', '{"a":[{"\\u005f_proto__":{}}]}']) {
      expect(problemOf(body)).toBe('malformed-json');
    }
    expect(problemOf('{"constructor":1,"toString":"__proto__"}')).toBeUndefined();
  });

  it('rejects a body in which API Gateway replaced bytes that are not UTF-8', () => {
    const sent = (length: number | undefined) =>
      jsonBody({
        headers: { ...headers, ...(length === undefined ? {} : { 'content-length': String(length) }) },
        body: '{"text":"Gr\ufffd\ufffde"}',
        isBase64Encoded: false,
      });
    const receivedLength = Buffer.byteLength('{"text":"Gr\ufffd\ufffde"}');
    expect(sent(receivedLength)).toMatchObject({ json: { text: 'Gr\ufffd\ufffde' } });
    for (const length of [receivedLength - 4, undefined]) {
      expect(sent(length)).toMatchObject({
        refused: { name: 'malformed-json' },
        detail: expect.stringContaining('UTF-8') as string,
      });
    }
    const latin1 = Buffer.from('{"text":"Grüße"}', 'latin1').toString('base64');
    expect(jsonBody({ headers, body: latin1, isBase64Encoded: true })).toMatchObject({
      refused: { name: 'malformed-json' },
    });
  });

  it.each([
    ['application/json', undefined],
    ['application/json; charset=utf-8', undefined],
    ['Application/JSON;charset="UTF-8"; version=1', undefined],
    ['application/json; charset=utf8', undefined],
    ['application/json; charset=iso-8859-1', 'unsupported-media-type'],
    ['application/json;charset=utf-16le', 'unsupported-media-type'],
    ['application/json; charset="latin1"', 'unsupported-media-type'],
    ['application/json; charset=', 'unsupported-media-type'],
    ['application/json; charset=utf-8; charset=latin1', 'unsupported-media-type'],
    ['text/plain', 'unsupported-media-type'],
    ['', 'unsupported-media-type'],
  ])('answers a body of type %j with the problem %j', (contentType, problem) => {
    const result = jsonBody({ headers: { 'content-type': contentType }, body: '{}', isBase64Encoded: false });
    expect(isRefusal(result) ? result.refused.name : undefined).toBe(problem);
  });

  it.each([
    ['gzip', 'unsupported-media-type'],
    ['br', 'unsupported-media-type'],
    ['identity', undefined],
    ['', undefined],
  ])('answers a body with the content encoding %j with the problem %j', (encoding, problem) => {
    const encoded = { ...headers, 'content-encoding': encoding };
    const result = jsonBody({ headers: encoded, body: '{}', isBase64Encoded: false });
    expect(isRefusal(result) ? result.refused.name : undefined).toBe(problem);
  });

  it('ignores a leading byte order mark', () => {
    expect(jsonBody({ headers, body: '\ufeff{"a":1}', isBase64Encoded: false })).toMatchObject({ json: { a: 1 } });
    const bytes = Buffer.from('\ufeff{"a":1}').toString('base64');
    expect(jsonBody({ headers, body: bytes, isBase64Encoded: true })).toMatchObject({ json: { a: 1 } });
  });

  it('reports each number that cannot be stored exactly, at any depth', () => {
    const body = '{"metadata":{"a/b":[1,{"id":12345678901234567890}],"x":1e400},"seq":9007199254740993}';
    const result = jsonBody({ headers, body, isBase64Encoded: false });
    const pointers = isRefusal(result) ? [] : result.errors.map(({ pointer }) => pointer);
    expect(pointers).toEqual(['/body/metadata/a~1b/1/id', '/body/metadata/x', '/body/seq']);
  });

  it('accepts many objects in one list', () => {
    expect(problemOf(JSON.stringify({ list: Array.from({ length: 5_000 }, () => ({ a: [1] })) }))).toBeUndefined();
  });
});
