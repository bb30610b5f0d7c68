import { readFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';

/** Dependencies come first. */
const files = ['captured-output.ts', 'unawaited-requests.ts', 'runtime.ts'];

let source: string | undefined;

/**
 * The runtime as one JavaScript module. If workers loaded the TypeScript files, each would start its own type stripper:
 * 19 ms of processor time and 6 MB for each environment (measured).
 */
export function runtimeSource(): string {
  source ??= files.map((file) => moduleBody(new URL(file, import.meta.url))).join('\n');
  return source;
}

/** Removes types, exports and imports of the other files, since all share one module. */
function moduleBody(file: URL): string {
  return quietly(() => stripTypeScriptTypes(readFileSync(file, 'utf8')))
    .replaceAll(/^import .* from '\.\/.*';$/gm, '')
    .replaceAll(/^export (?=class|function|const|async)/gm, '');
}

/** Node warns that this function is experimental, although it runs TypeScript files the same way without a warning. */
function quietly<Result>(work: () => Result): Result {
  const original = Object.getOwnPropertyDescriptor(process, 'emitWarning') ?? {};
  process.emitWarning = () => undefined;
  try {
    return work();
  } finally {
    Object.defineProperty(process, 'emitWarning', original);
  }
}
