import { readFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';

/** The runtime's files, those that others import first. */
const files = ['captured-output.ts', 'unawaited-requests.ts', 'runtime.ts'];

let source: string | undefined;

/**
 * The runtime as one module of plain JavaScript. A worker could load the TypeScript files itself, but then each of them
 * would start a type stripper of its own: 19 ms of processor time and 6 MB for every environment (measured).
 */
export function runtimeSource(): string {
  source ??= files.map((file) => moduleBody(new URL(file, import.meta.url))).join('\n');
  return source;
}

/** A file without its types, its imports from beside it and its exports: what one of them declares, all of them see. */
function moduleBody(file: URL): string {
  return quietly(() => stripTypeScriptTypes(readFileSync(file, 'utf8')))
    .replaceAll(/^import .* from '\.\/.*';$/gm, '')
    .replaceAll(/^export (?=class|function|const|async)/gm, '');
}

/** Node runs TypeScript files without a word, but warns of this function, which does the same, as experimental. */
function quietly<Result>(work: () => Result): Result {
  const original = Object.getOwnPropertyDescriptor(process, 'emitWarning') ?? {};
  process.emitWarning = () => undefined;
  try {
    return work();
  } finally {
    Object.defineProperty(process, 'emitWarning', original);
  }
}
