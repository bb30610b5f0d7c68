import { join } from 'node:path';
import ts from 'typescript';

export const root = join(import.meta.dirname, '../..');

export function fileOf(name: string): string {
  return join(root, `functions/${name}.ts`);
}

export function hostWith(options: ts.CompilerOptions, sources: Readonly<Record<string, string>>): ts.CompilerHost {
  const host = ts.createCompilerHost(options);
  const texts = new Map(Object.entries(sources).map(([name, text]) => [fileOf(name), text]));
  return {
    ...host,
    fileExists: (path) => texts.has(path) || host.fileExists(path),
    readFile: (path) => texts.get(path) ?? host.readFile(path),
    getSourceFile: (path, version, ...rest) => {
      const text = texts.get(path);
      return text === undefined
        ? host.getSourceFile(path, version, ...rest)
        : ts.createSourceFile(path, text, version, true);
    },
  };
}
