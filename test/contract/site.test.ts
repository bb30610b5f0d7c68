import { execFile } from 'node:child_process';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from 'vitest';
import packageDescription from '../../package.json' with { type: 'json' };
import { prepareSite, siteDirectory } from '../../bin/site.ts';
import { currentDocuments } from '../../shared/contract/documents/current.ts';
import { problemType } from '../../shared/contract/kit/define-problem.ts';
import { actions, events, serverEvents, routes } from '../../shared/contract/registry.ts';

const pagePaths = ['/', '/docs', '/reference'] as const;
const pages = new Map<string, string>();

beforeAll(async () => {
  await prepareSite();
  for (const path of pagePaths) pages.set(path, await readFile(join(siteDirectory, path, 'index.html'), 'utf8'));
});

const page = (path: string): string => pages.get(path) ?? '';
const attributes = (html: string, name: string) =>
  [...html.matchAll(new RegExp(`\\s${name}="([^"]*)"`, 'g'))].map(([, value]) => value ?? '');

describe('the site', () => {
  it('keeps its files when they are current', async () => {
    const times = async () => {
      const files = await readdir(siteDirectory, { recursive: true, withFileTypes: true });
      const stats = files.filter((file) => file.isFile()).map((file) => stat(join(file.parentPath, file.name)));
      return (await Promise.all(stats)).map((each) => each.mtimeMs);
    };
    const before = await times();
    await prepareSite();
    expect(await times()).toEqual(before);
  });

  it('contains the committed documents', async () => {
    for (const file of ['openapi.json', 'asyncapi.json']) {
      const served = await readFile(join(siteDirectory, 'api/v1', file), 'utf8');
      expect(served).toBe(await readFile(join(siteDirectory, '..', file), 'utf8'));
    }
  });

  it('keeps third-party scripts out of the repository', async () => {
    const { stdout } = await promisify(execFile)('git', ['ls-files', 'docs/site'], {
      cwd: join(siteDirectory, '../..'),
    });
    expect(stdout.trim().split('\n').sort()).toEqual(
      [
        '.gitignore',
        'favicon.svg',
        'interactive.js',
        'mailed-link.js',
        'reset-password.js',
        'site.css',
        'unsubscribe.js',
        'verify-email.js',
      ].map((file) => `docs/site/${file}`),
    );
  });

  it.each(pagePaths)('%s has links with existing targets', async (path) => {
    const links = [...attributes(page(path), 'href'), ...attributes(page(path), 'src')];
    expect(links.length).toBeGreaterThan(5);
    for (const link of links) {
      const { pathname, hash, origin } = new URL(link, `http://site${path}`);
      expect(origin, link).toBe('http://site');
      if (pages.has(pathname)) {
        if (hash !== '') expect(attributes(page(pathname), 'id'), link).toContain(hash.slice(1));
      } else {
        expect((await stat(join(siteDirectory, pathname))).isFile(), link).toBe(true);
      }
    }
  });

  it.each(pagePaths)('%s has no inline script, style or handler, as the content security policy requires', (path) => {
    expect(page(path)).not.toMatch(/<style|<script(?![^>]*\ssrc=)|\sstyle="|\son[a-z]+="/);
  });

  it.each(pagePaths.slice(0, 1).concat('/reference'))('%s has an accessible structure', (path) => {
    const html = page(path);
    const levels = [...html.matchAll(/<h([1-6])[\s>]/g)].map(([, level]) => Number(level));
    expect(levels.filter((level) => level === 1)).toHaveLength(1);
    levels.forEach((level, index) =>
      expect(level - (levels[index - 1] ?? 0), `heading ${index}`).toBeLessThanOrEqual(1),
    );
    expect(html).toMatch(/<html lang="en">/);
    expect(html.match(/<main /g)).toHaveLength(1);
    const navigations = [...html.matchAll(/<nav [^>]*aria-label="([^"]+)"/g)].map(([, label]) => label);
    expect(new Set(navigations).size).toBe(html.match(/<nav/g)?.length);
    const ids = attributes(html, 'id');
    expect(new Set(ids).size).toBe(ids.length);
  });
});

describe('the reference', () => {
  it('has a section for every operation, action, server event and bus event', () => {
    const ids = attributes(page('/reference'), 'id');
    const slug = (name: string) => name.replaceAll('.', '-');
    expect(ids).toEqual(
      expect.arrayContaining([
        ...routes.map((route) => `operation-${route.operationId}`),
        ...actions.map((action) => `action-${slug(action.action)}`),
        ...serverEvents.map((serverEvent) => `serverEvent-${slug(serverEvent.type)}`),
        ...events.map((event) => `event-${slug(event.type)}`),
      ]),
    );
  });

  it('has the section that the type of each problem links to', () => {
    const ids = attributes(page('/reference'), 'id');
    const { problems } = currentDocuments(packageDescription.version);
    expect(problems.length).toBeGreaterThan(25);
    for (const { name } of problems) {
      const { pathname, hash } = new URL(problemType(name), 'http://site');
      expect(pathname).toBe('/reference');
      expect(ids).toContain(hash.slice(1));
    }
  });

  it('lists the operations and actions of each problem', () => {
    const sections = page('/reference').split('<section class="entry" id="problem-').slice(1);
    const orphans = sections.filter((section) => !section.split('</section>')[0]?.includes('Returned by'));
    expect(orphans.map((section) => section.split('"')[0])).toEqual(['method-not-allowed', 'not-found']);
  });
});
