import { runInNewContext } from 'node:vm';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { jsonCopy } from './json-copy.ts';

function reactive<Value extends object>(value: Value): Value {
  return new Proxy(value, {
    get: (target, name, receiver) => {
      const member: unknown = Reflect.get(target, name, receiver);
      return typeof member === 'object' && member !== null ? reactive(member) : member;
    },
  });
}

class Location {
  latitude = 48.5;
  #secret = 'kept out';
  get secret(): string {
    return this.#secret;
  }
}

describe('a copy', () => {
  it('equals the JSON of any JSON value and shares nothing with the value', () => {
    fc.assert(
      fc.property(fc.jsonValue({ stringUnit: 'grapheme' }), (value) => {
        const copy = jsonCopy(value);
        expect(copy).toEqual(JSON.parse(JSON.stringify(value)));
        if (typeof value === 'object' && value !== null) expect(copy).not.toBe(value);
      }),
    );
  });

  it.each<[string, unknown, unknown]>([
    ['a proxy', { ids: reactive(['a', 'b']), location: reactive({ name: { short: 'x' } }) }, undefined],
    ['a class instance', { location: new Location() }, { location: { latitude: 48.5 } }],
    ['a frozen object', Object.freeze({ list: Object.freeze([1, 2]) }), undefined],
    ['an object without a prototype', Object.assign(Object.create(null), { a: 1 }), { a: 1 }],
    [
      'an object of another JavaScript realm',
      runInNewContext('({ list: [1, { a: "b" }] })'),
      { list: [1, { a: 'b' }] },
    ],
    ['a member that is undefined', { a: undefined, b: 1 }, { b: 1 }],
    ['a date', { at: new Date(0) }, { at: '1970-01-01T00:00:00.000Z' }],
    ['an address', { at: new URL('https://chat.test/a') }, { at: 'https://chat.test/a' }],
    ['an object with toJSON', { sum: { toJSON: () => ({ euros: 5 }) } }, { sum: { euros: 5 } }],
    ['a member called __proto__', JSON.parse('{"__proto__":{"a":1}}'), JSON.parse('{"__proto__":{"a":1}}')],
    ['a whole surrogate pair', '\u{1F600}', undefined],
  ])('is plain for %s', (_label, value, expected) => {
    const copy = jsonCopy(value);
    expect(structuredClone(copy)).toStrictEqual(expected ?? JSON.parse(JSON.stringify(value)));
    expect(Object.keys(copy as object)).toEqual(Object.keys((expected ?? value) as object));
  });

  it('accepts an object that occurs twice', () => {
    const location = { latitude: 1 };
    expect(jsonCopy([location, { location }])).toEqual([location, { location }]);
  });
});

const cycle: Record<string, unknown> = {};
cycle['list'] = [cycle];
const endless = (): object => ({
  get deeper() {
    return endless();
  },
});
const revoked = Proxy.revocable({}, {});
revoked.revoke();

describe('a copy of a value that JSON would drop, change or reject', () => {
  it.each<[string, unknown]>([
    ['a function', () => 1],
    ['a symbol', Symbol('s')],
    ['a BigInt', 1n],
    ['NaN', Number.NaN],
    ['an infinite number', -Infinity],
    ['undefined in a list', [undefined]],
    ['a hole in a list', [1, , 2]],
    ['a Map', new Map([['a', 1]])],
    ['a Set', new Set([1])],
    ['a proxy of a Map', new Proxy(new Map(), {})],
    ['a promise', Promise.resolve(1)],
    ['an error', new Error('x')],
    ['a pattern', /x/],
    ['bytes', new Uint8Array(2)],
    ['a Buffer', Buffer.from('x')],
    ['an ArrayBuffer', new ArrayBuffer(2)],
    ['a file', new Blob(['x'])],
    ['a boxed number', Object(1)],
    ['an invalid date', new Date(Number.NaN)],
    ['half of a surrogate pair', 'cut \uD83D'],
    ['a name with half of a surrogate pair', { '\uDE00': 1 }],
    ['a cycle', cycle],
    ['an endless object', endless()],
    ['a revoked proxy', revoked.proxy],
    ['a toJSON with an invalid result', { toJSON: () => 1n }],
    [
      'a toJSON that throws',
      {
        toJSON: () => {
          throw new Error('no');
        },
      },
    ],
    [
      'a getter that throws',
      {
        get name() {
          throw new RangeError('no');
        },
      },
    ],
  ])('throws a TypeError with the path of %s', (_label, value) => {
    expect(() => jsonCopy({ task: [value] })).toThrow(TypeError);
    expect(() => jsonCopy({ task: [value] })).toThrow(/^This cannot be sent as JSON: \/task\/0/);
  });
});
