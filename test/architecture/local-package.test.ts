import { describe, expect, it } from 'vitest';
import local from '../../local/package.json' with { type: 'json' };
import root from '../../package.json' with { type: 'json' };
import { repositoryFiles } from './source-file.ts';

const listed: Readonly<Record<string, string>> = {
  ...local.dependencies,
  ...local.optionalDependencies,
  ...local.devDependencies,
};
const versions: Readonly<Record<string, string>> = {
  ...root.dependencies,
  ...root.optionalDependencies,
  ...root.devDependencies,
};

function packageOf(specifier: string): string {
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
}

describe('the package of the local run', async () => {
  const imported = (await repositoryFiles())
    .filter(({ path }) => path.startsWith('local/'))
    .flatMap(({ path, imports }) => imports.map((found) => ({ path, ...found })))
    .filter(({ file, specifier }) => file === undefined && !specifier.startsWith('node:'));

  it('lists every package that its files import', () => {
    expect(imported.length).toBeGreaterThan(20);
    expect(imported.filter(({ specifier }) => listed[packageOf(specifier)] === undefined)).toEqual([]);
  });

  it('lists no test package among its dependencies', () => {
    const ofProduct = imported.filter(({ path }) => !/^local\/(test\/|vitest)/.test(path));
    const dependencies: Readonly<Record<string, string>> = local.dependencies;
    expect([...new Set(ofProduct.map(({ specifier }) => packageOf(specifier)))].sort()).toEqual(
      Object.keys(dependencies).sort(),
    );
  });

  it('has the versions that the lock file installs', () => {
    expect(Object.entries(listed).filter(([name, version]) => versions[name] !== version)).toEqual([]);
  });
});
