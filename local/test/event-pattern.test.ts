import { describe, expect, it } from 'vitest';
import { compileEventPattern } from '../services/events/event-pattern.ts';
import { targetInput } from '../services/events/target-input.ts';

const event = {
  id: '1',
  source: 'shop',
  'detail-type': 'order.placed',
  time: '2026-01-01T00:00:00Z',
  detail: {
    total: 5,
    city: 'Berlin',
    paid: true,
    note: null,
    tags: ['new', 'big'],
    lines: [{ sku: 'a' }, { sku: 'b' }],
  },
};

describe('an event pattern', () => {
  it.each([
    [{ source: ['shop'] }, true],
    [{ source: ['bank'] }, false],
    [{ source: ['bank', 'shop'] }, true],
    [{ source: ['shop'], 'detail-type': ['order.paid'] }, false],
    [{ detail: { total: [5] } }, true],
    [{ detail: { total: ['5'] } }, false],
    [{ detail: { paid: [true] } }, true],
    [{ detail: { note: [null] } }, true],
    [{ detail: { tags: ['big'] } }, true],
    [{ detail: { tags: ['old'] } }, false],
    [{ detail: { lines: { sku: ['b'] } } }, true],
    [{ detail: { lines: { sku: ['c'] } } }, false],
    [{ 'detail-type': [{ prefix: 'order.' }] }, true],
    [{ 'detail-type': [{ prefix: { 'equals-ignore-case': 'ORDER' } }] }, true],
    [{ 'detail-type': [{ suffix: '.placed' }] }, true],
    [{ 'detail-type': [{ suffix: '.paid' }] }, false],
    [{ detail: { city: [{ 'equals-ignore-case': 'BERLIN' }] } }, true],
    [{ 'detail-type': [{ wildcard: 'order.*d' }] }, true],
    [{ 'detail-type': [{ wildcard: 'o*p*x' }] }, false],
    [{ source: [{ 'anything-but': 'bank' }] }, true],
    [{ source: [{ 'anything-but': ['bank', 'shop'] }] }, false],
    [{ source: [{ 'anything-but': { prefix: 'sh' } }] }, false],
    [{ source: [{ 'anything-but': { suffix: ['x', 'op'] } }] }, false],
    [{ detail: { missing: [{ 'anything-but': 'x' }] } }, false],
    [{ detail: { missing: [{ exists: false }] } }, true],
    [{ detail: [{ exists: true }] }, false],
    [{ detail: [{ exists: false }] }, true],
    [{ detail: { city: [{ exists: false }] } }, false],
    [{ detail: { city: [{ exists: true }] } }, true],
    [{ detail: { total: [{ numeric: ['>', 0, '<=', 5] }] } }, true],
    [{ detail: { total: [{ numeric: ['<', 5] }] } }, false],
    [{ detail: { city: [{ numeric: ['>', 0] }] } }, false],
    [{ $or: [{ source: ['bank'] }, { detail: { city: ['Berlin'] } }] }, true],
    [{ source: ['shop'], $or: [{ source: ['bank'] }, { detail: { city: ['Paris'] } }] }, false],
    [{ detail: { constructor: [{ exists: true }] } }, false],
  ])('matches %j: %s', (pattern, matches) => {
    expect(compileEventPattern(pattern)(event)).toBe(matches);
  });

  it('rejects `$or` with a single alternative, which EventBridge takes for the name of a member', () => {
    expect(() => compileEventPattern({ $or: [{ source: ['bank'] }] })).toThrow('at least two alternatives');
  });

  it('rejects an unsupported operator by name', () => {
    expect(() => compileEventPattern({ source: [{ cidr: '10.0.0.0/8' }] })).toThrow('operator cidr');
  });
});

describe('the input of a target', () => {
  const rule = { name: 'orders', arn: 'arn:rule' };
  const input = (target: Parameters<typeof targetInput>[0]): unknown => JSON.parse(targetInput(target, event, rule));

  it('is the event, a part of the event, or a constant', () => {
    expect(input({})).toEqual(event);
    expect(input({ Input: '{"fixed":true}' })).toEqual({ fixed: true });
    expect(input({ InputPath: '$.detail.lines[1].sku' })).toBe('b');
  });

  it('is a template with values of the event, inside and outside of quotes', () => {
    const InputTemplate =
      '{"text":"<city>: <total>","total":<total>,"lines":<lines>,"rule":<aws.events.rule-name>,"quoted":"say \\"<city>\\""}';
    const InputPathsMap = { city: '$.detail.city', total: '$.detail.total', lines: '$.detail.lines' };
    expect(input({ InputTransformer: { InputPathsMap, InputTemplate } })).toEqual({
      text: 'Berlin: 5',
      total: 5,
      lines: [{ sku: 'a' }, { sku: 'b' }],
      rule: 'orders',
      quoted: 'say "Berlin"',
    });
  });
});
