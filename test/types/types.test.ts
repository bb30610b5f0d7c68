import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';

const root = resolve(import.meta.dirname, '../..');
const directive = /^\s*\/\/ @ts-expect-error TS(\d+) (.+)$/;

/** The directives become comments, so that the compiler reports the errors. */
function errorsOf(files: readonly string[]): readonly { file: string; line: number; code: number }[] {
  const { config } = ts.readConfigFile(join(root, 'tsconfig.json'), (path) => ts.sys.readFile(path)) as {
    config: { compilerOptions: object };
  };
  const { options } = ts.convertCompilerOptionsFromJson(config.compilerOptions, root);
  const host = ts.createCompilerHost(options);
  const read = host.readFile.bind(host);
  host.readFile = (path) =>
    files.includes(path) ? read(path)?.replaceAll('@ts-expect-error', 'expected:') : read(path);
  const program = ts.createProgram(files, options, host);
  return files.flatMap((file) =>
    program.getSemanticDiagnostics(program.getSourceFile(file)).map(({ start = 0, code, file: source }) => ({
      file,
      line: (source?.getLineAndCharacterOfPosition(start).line ?? -1) + 1,
      code,
    })),
  );
}

const files = readdirSync(import.meta.dirname)
  .filter((name) => name.endsWith('.fail.ts'))
  .map((name) => join(import.meta.dirname, name));
const expected = files.flatMap((file) =>
  readFileSync(file, 'utf8')
    .split('\n')
    .flatMap((text, index, lines) => {
      const match = directive.exec(text);
      if (match === null) return [];
      const statement = lines.slice(index + 1).findIndex((line) => line.trim() === '');
      const last = statement === -1 ? lines.length : index + 1 + statement;
      return [{ file, first: index + 2, last, code: Number(match[1]), reason: match[2] ?? '' }];
    }),
);

describe('the type checks', () => {
  const errors = errorsOf(files);

  it('includes every directive', () => {
    expect(expected.length).toBeGreaterThan(20);
    const directives = files.flatMap((file) => readFileSync(file, 'utf8').match(/^\/\/ @ts-expect-error/gm) ?? []);
    expect(expected).toHaveLength(directives.length);
  });

  it.each(expected.map((each) => [each.reason, each] as const))(
    'rejects with the expected error: %s',
    (_reason, each) => {
      const found = errors.filter(({ file, line }) => file === each.file && line >= each.first && line <= each.last);
      expect(found.map((error) => error.code)).toEqual([each.code]);
    },
  );

  it('reports no error elsewhere in these files', () => {
    const unexpected = errors.filter(
      ({ file, line }) => !expected.some((each) => file === each.file && line >= each.first && line <= each.last),
    );
    expect(unexpected).toEqual([]);
  });
});
