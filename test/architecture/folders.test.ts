import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { allowedEdges, type Area } from './allowed-edges.ts';
import { edgeTable, edgesOf, cycleIn } from './folders.ts';
import { parseSource, repositoryFiles } from './source-file.ts';
import type { SourceFile } from './source-file.ts';

const areas = Object.keys(allowedEdges) as Area[];
const architecture = join(import.meta.dirname, '../../docs/architecture.md');
/** Prettier aligns the columns of tables. */
const unaligned = (text: string) => text.replaceAll(/ +/g, ' ').replaceAll(/-{3,}/g, '---');

describe('the folders of shared/', () => {
  let files: readonly SourceFile[] = [];
  beforeAll(async () => {
    files = await repositoryFiles();
  });

  it.each(areas)('has exactly the imports that allowed-edges.ts lists: %s', (area) => {
    expect(edgesOf(files, area)).toEqual(allowedEdges[area]);
  });

  it.each(areas)('has no import cycle: %s', (area) => {
    expect(cycleIn(edgesOf(files, area))).toBeUndefined();
  });

  it.each(areas)('has its table in docs/architecture.md: %s', async (area) => {
    expect(unaligned(await readFile(architecture, 'utf8'))).toContain(edgeTable(edgesOf(files, area)));
  });
});

describe('edgesOf and cycleIn', () => {
  const shared = {
    'shared/features/log/append.ts': `import type { Key } from '../../core/table/keys.ts';\nimport { x } from '../groups/x.ts';`,
    'shared/features/log/append.test.ts': `import { y } from '../search/y.ts';`,
    'shared/features/groups/x.ts': `import type { A } from '../log/append.ts';\nimport { serve } from '../../transport/http.ts';`,
  };
  const files = Object.entries(shared).map(([path, text]) => parseSource(path, text));

  it('includes type imports and the transport, and excludes tests', () => {
    expect(edgesOf(files, 'features')).toEqual({ groups: ['log', 'transport'], log: ['groups'] });
    expect(edgesOf(files, 'layers')).toEqual({ features: ['core', 'transport'] });
  });

  it('finds a cycle that has only type imports in one direction', () => {
    expect(cycleIn(edgesOf(files, 'features'))).toBe('groups → log → groups');
    expect(cycleIn({ a: ['b'], b: [] })).toBeUndefined();
  });

  it('lists each folder after the folders that it imports', () => {
    expect(edgeTable({ a: ['b', 'c'], b: ['c'], c: [] })).toBe(
      '| folder | imports |\n| --- | --- |\n| c | – |\n| b | c |\n| a | b, c |',
    );
  });
});
