import type { Area, Edges } from './allowed-edges.ts';
import type { SourceFile } from './source-file.ts';

const isTest = (path: string) => path.endsWith('.test.ts') || path.endsWith('-builders.ts');

/** Undefined outside of the area. */
function folderOf(path: string, area: Area): string | undefined {
  const [root, layer, folder] = path.split('/');
  if (root !== 'shared' || layer === undefined) return undefined;
  if (area === 'layers') return layer;
  return layer === area ? folder : undefined;
}

/** Leaves out tests. For features, includes imports of the transport. */
export function edgesOf(files: readonly SourceFile[], area: Area): Edges {
  const edges = new Map<string, Set<string>>();
  for (const { path, imports } of files) {
    const from = folderOf(path, area);
    if (from === undefined || isTest(path)) continue;
    const reached = edges.get(from) ?? new Set<string>();
    edges.set(from, reached);
    for (const { file = '' } of imports) {
      const to: string =
        folderOf(file, area) ?? (area === 'features' && file.startsWith('shared/transport/') ? 'transport' : from);
      if (to !== from) reached.add(to);
    }
  }
  return Object.fromEntries([...edges].sort().map(([from, reached]) => [from, [...reached].sort()]));
}

/** Returns a cycle such as `a → b → a`, or undefined. */
export function cycleIn(edges: Edges): string | undefined {
  const done = new Set<string>();
  const walk = (folder: string, path: readonly string[]): string | undefined => {
    const start = path.indexOf(folder);
    if (start !== -1) return [...path.slice(start), folder].join(' → ');
    if (done.has(folder)) return undefined;
    for (const next of edges[folder] ?? []) {
      const cycle = walk(next, [...path, folder]);
      if (cycle !== undefined) return cycle;
    }
    done.add(folder);
    return undefined;
  };
  for (const folder of Object.keys(edges)) {
    const cycle = walk(folder, []);
    if (cycle !== undefined) return cycle;
  }
  return undefined;
}

export function edgeTable(edges: Edges): string {
  const rows: string[] = [];
  const remaining = new Map(Object.entries(edges));
  while (remaining.size > 0) {
    const ready = [...remaining].filter(([, reached]) => reached.every((folder) => !remaining.has(folder)));
    for (const [folder, reached] of ready) {
      rows.push(`| ${folder} | ${reached.join(', ') || '–'} |`);
      remaining.delete(folder);
    }
    if (ready.length === 0) throw new Error(`The folders import one another: ${cycleIn(edges)}`);
  }
  return ['| folder | imports |', '| --- | --- |', ...rows].join('\n');
}
