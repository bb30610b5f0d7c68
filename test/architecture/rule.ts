import type { SourceFile } from './source-file.ts';

export interface Rule {
  readonly name: string;
  readonly check: (file: SourceFile, all: ReadonlyMap<string, SourceFile>) => readonly string[];
}

export const isTest = (path: string) => path.endsWith('.test.ts') || path.endsWith('-builders.ts');
export const isUnder = (path: string, ...folders: readonly string[]) =>
  folders.some((folder) => path.startsWith(`${folder}/`));
export const isDeployed = (path: string) => isUnder(path, 'shared', 'functions') && !isTest(path);
