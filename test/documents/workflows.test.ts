import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const folder = join(import.meta.dirname, '../../.github/workflows');
const names = await readdir(folder);

describe('each GitHub workflow', () => {
  it.each(names)('%s pins its actions to a commit and names the version', async (name) => {
    const text = await readFile(join(folder, name), 'utf8');
    const uses = [...text.matchAll(/uses:(.*)$/gmu)].map(([, action = '']) => action.trim());
    expect(uses).not.toEqual([]);
    for (const action of uses) expect(action).toMatch(/^[\w-]+\/[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/u);
  });

  it.each(names)('%s grants its jobs only read access by default', async (name) => {
    const text = await readFile(join(folder, name), 'utf8');
    expect(text).toMatch(/^permissions:\n {2}contents: read\n\n/mu);
  });
});
