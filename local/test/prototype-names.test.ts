import { afterEach, describe, expect, it } from 'vitest';
import { queryParameters } from '../api/payload-version-2.ts';
import { handshakeOf } from '../api/websocket-payload.ts';
import { queryAndHeaders, viewerRequest } from '../edge/viewer-function.ts';

const query = '__proto__=1&__proto__=2&constructor=3&constructor=4&toString=5';
const own = (value: object | undefined) => Object.entries(value ?? {}).map(([name, member]): unknown => [name, member]);

afterEach(() => expect(Object.keys(Object.prototype)).toEqual([]));

describe('a parameter named like a member of Object.prototype', () => {
  it('reaches a function of an HTTP API', () => {
    expect(own(queryParameters(query))).toEqual([
      ['__proto__', '1,2'],
      ['constructor', '3,4'],
      ['toString', '5'],
    ]);
  });

  it('reaches a function of a WebSocket API', () => {
    const handshake = handshakeOf({ assembly: { region: 'local' }, apiId: 'a', stage: 's' }, {}, query);
    expect(own(handshake.queryStringParameters)).toContainEqual(['__proto__', '2']);
    expect(own(handshake.multiValueQueryStringParameters)).toEqual([
      ['__proto__', ['1', '2']],
      ['constructor', ['3', '4']],
      ['toString', ['5']],
    ]);
  });

  it('passes a function of the distribution', () => {
    const request = viewerRequest('GET', '/', query, { cookie: '__proto__=a; __proto__=b; constructor=c' });
    const passed = queryAndHeaders(request);
    expect(passed.query).toBe(query);
    expect(passed.headers).toEqual({ cookie: '__proto__=a; __proto__=b; constructor=c' });
  });
});
