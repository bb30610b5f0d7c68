import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { render, renderJson, renderPath, textAtPointer } from './template-rules.ts';

describe('renderJson', () => {
  it('escapes any value within quotes', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (subject) => {
        const text = renderJson('{"title":"{{subject}}","fixed":1}', { subject });
        expect(JSON.parse(text ?? '')).toEqual({ title: subject, fixed: 1 });
      }),
    );
  });

  it('rejects a template that does not give JSON', () => {
    expect(renderJson('{"title":{{subject}}}', { subject: 'a' })).toBeUndefined();
  });
});

describe('render', () => {
  it('leaves out names without a value, and members of every object', () => {
    expect(render('a{{ none }}b{{constructor}}c', {})).toBe('abc');
  });

  it('does not render what a value contains', () => {
    expect(render('{{a}}', { a: '{{b}}', b: 'secret' })).toBe('{{b}}');
  });

  it('encodes values in paths', () => {
    expect(renderPath('/tickets/{{ticket.id}}/x', { 'ticket.id': '../a b?c' })).toBe('/tickets/..%2Fa%20b%3Fc/x');
  });
});

describe('textAtPointer', () => {
  const value = { data: { 'a/b': [{ id: 5 }], 'm~n': 'x', empty: '' } };

  it.each([
    ['/data/a~1b/0/id', '5'],
    ['/data/m~0n', 'x'],
    ['/data/empty', undefined],
    ['/data', undefined],
    ['/none/x', undefined],
    ['/__proto__/x', undefined],
  ])('reads %s', (pointer, expected) => {
    expect(textAtPointer(value, pointer)).toBe(expected);
  });
});
