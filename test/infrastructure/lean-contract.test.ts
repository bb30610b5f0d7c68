import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildSync, transformSync } from 'esbuild';
import { describe, expect, it } from 'vitest';
import { withoutDocumentation, withUnusedLeftOut } from '../../lib/functions/lean-contract.ts';

const contract = join(import.meta.dirname, '../../shared/contract');
const modules = readdirSync(contract, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'));

describe('the contract in a bundle', () => {
  it('omits descriptions, examples and summaries, and keeps everything else', () => {
    const source = `const route = defineRoute({
  id: 'send',
  summary: 'Send it',
  body: z
    .strictObject({ text: z.string().check(z.minLength(1), z.meta({ description: 'What to say', examples: ['a'] })) })
    .register(z.globalRegistry, {
      id: 'Text',
    })
    .check(z.refine(isGood)),
  note: z.string().check(z.describe('For people')),
});`;
    expect(withoutDocumentation(source)).toBe(`const route = defineRoute({
  id: 'send',
  summary: '',
  body: z
    .strictObject({ text: z.string().check(z.minLength(1), z.meta({})) })



    .check(z.refine(isGood)),
  note: z.string().check(z.describe('')),
});`);
  });

  it('has no list of problems and no schema of an answer, and keeps statuses and types of answers', () => {
    const route = `const route = defineRoute({
  summary: 'Send it',
  responses: { 201: z.object({ id }), 204: null },
  problems: [gone, ...others],
  idempotent: 'key',
});`;
    expect(withoutDocumentation(route)).toBe(`const route = defineRoute({
  summary: '',
  responses: { 201: null, 204: null },
  problems: [],
  idempotent: '',
});`);
    const action = `defineAction({ data: z.object({ id }), answer: { type: 'ack', data: message }, problems: sendProblems });`;
    expect(withoutDocumentation(action)).toBe(
      `defineAction({ data: z.object({ id }), answer: { type: 'ack', data: null }, problems: [] });`,
    );
    expect(withoutDocumentation(`defineServerEvent({ type: 'pong', data: message });`)).toBe(
      `defineServerEvent({ type: 'pong', data: null });`,
    );
  });

  it('keeps the schema of a bus event, which its consumers parse', () => {
    const source = `defineEvent({ type: 'sent', version: 1, data: z.object({ id }) });`;
    expect(withoutDocumentation(source)).toBe(source);
  });

  it('keeps the descriptions of problems, which refusals contain', () => {
    const source = `const gone = defineProblem({ name: 'gone', description: 'It is gone.' });`;
    expect(withoutDocumentation(source)).toBe(source);
  });

  it('omits unused code', () => {
    const source = `import * as z from 'zod/mini'; const unused = z.object({ a: z.string() }).check(z.refine(() => true)); export const used = z.string();`;
    const { text } = buildSync({
      stdin: { contents: withUnusedLeftOut(source), loader: 'ts' },
      bundle: true,
      external: ['zod/mini'],
      format: 'esm',
      write: false,
    }).outputFiles[0] ?? { text: '' };
    expect(text).toContain('string()');
    expect(text).not.toContain('refine');
  });

  it.each(modules)('keeps the line numbers of the module: %s', (name) => {
    const source = readFileSync(join(contract, name), 'utf8');
    const lean = withUnusedLeftOut(withoutDocumentation(source));
    expect(lean.split('\n')).toHaveLength(source.split('\n').length);
    expect(() => transformSync(lean, { loader: 'ts' })).not.toThrow();
  });
});
