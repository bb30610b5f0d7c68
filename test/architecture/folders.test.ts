import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { allowedEdges, type Area } from './allowed-edges.ts';
import { drawn, edgesOf, loopIn } from './folders.ts';
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

  it.each(areas)('import each other as allowed-edges.ts says: %s', (area) => {
    expect(edgesOf(files, area)).toEqual(allowedEdges[area]);
  });

  it.each(areas)('have no loop: %s', (area) => {
    expect(loopIn(edgesOf(files, area))).toBeUndefined();
  });

  it.each(areas)('are drawn in docs/architecture.md: %s', async (area) => {
    expect(unaligned(await readFile(architecture, 'utf8'))).toContain(drawn(edgesOf(files, area)));
  });
});

describe('the edges between folders', () => {
  const shared = {
    'shared/features/log/append.ts': `import type { Key } from '../../core/table/keys.ts';\nimport { x } from '../groups/x.ts';`,
    'shared/features/log/append.test.ts': `import { y } from '../search/y.ts';`,
    'shared/features/groups/x.ts': `import type { A } from '../log/append.ts';\nimport { serve } from '../../transport/http.ts';`,
  };
  const files = Object.entries(shared).map(([path, text]) => parseSource(path, text));

  it('include type imports and the transport, and leave tests out', () => {
    expect(edgesOf(files, 'features')).toEqual({ groups: ['log', 'transport'], log: ['groups'] });
    expect(edgesOf(files, 'layers')).toEqual({ features: ['core', 'transport'] });
  });

  it('show a loop that has only types in one direction', () => {
    expect(loopIn(edgesOf(files, 'features'))).toBe('groups → log → groups');
    expect(loopIn({ a: ['b'], b: [] })).toBeUndefined();
  });

  it('are drawn in the order of dependence', () => {
    expect(drawn({ a: ['b', 'c'], b: ['c'], c: [] })).toBe(
      '| folder | imports |\n| --- | --- |\n| c | – |\n| b | c |\n| a | b, c |',
    );
  });
});
