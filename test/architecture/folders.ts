import type { Area, Edges } from './allowed-edges.ts';
import type { SourceFile } from './source-file.ts';

const isTest = (path: string) => path.endsWith('.test.ts') || path.endsWith('-builders.ts');

/** The folder of a file in an area, or undefined outside of the area. */
function folderOf(path: string, area: Area): string | undefined {
  const [root, layer, folder] = path.split('/');
  if (root !== 'shared' || layer === undefined) return undefined;
  if (area === 'layers') return layer;
  return layer === area ? folder : undefined;
}

/** The imports between the folders of an area, without tests. A feature's import of the transport counts as well. */
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

/** A loop among the folders, as `a → b → a`, or undefined if there is none. */
export function loopIn(edges: Edges): string | undefined {
  const done = new Set<string>();
  const walk = (folder: string, path: readonly string[]): string | undefined => {
    const start = path.indexOf(folder);
    if (start !== -1) return [...path.slice(start), folder].join(' → ');
    if (done.has(folder)) return undefined;
    for (const next of edges[folder] ?? []) {
      const loop = walk(next, [...path, folder]);
      if (loop !== undefined) return loop;
    }
    done.add(folder);
    return undefined;
  };
  for (const folder of Object.keys(edges)) {
    const loop = walk(folder, []);
    if (loop !== undefined) return loop;
  }
  return undefined;
}

/** The edges as a Markdown table, each folder after its imports. */
export function drawn(edges: Edges): string {
  const rows: string[] = [];
  const left = new Map(Object.entries(edges));
  while (left.size > 0) {
    const ready = [...left].filter(([, reached]) => reached.every((folder) => !left.has(folder)));
    for (const [folder, reached] of ready) {
      rows.push(`| ${folder} | ${reached.join(', ') || '–'} |`);
      left.delete(folder);
    }
    if (ready.length === 0) throw new Error(`A loop: ${loopIn(edges)}`);
  }
  return ['| folder | imports |', '| --- | --- |', ...rows].join('\n');
}
