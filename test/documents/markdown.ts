import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export const root = join(import.meta.dirname, '../..');

export interface Fence {
  readonly language: string;
  readonly text: string;
}

export interface Link {
  readonly text: string;
  readonly target: string;
}

export class MarkdownFile {
  readonly path: string;
  readonly text: string;

  constructor(path: string) {
    this.path = path;
    this.text = readFileSync(join(root, path), 'utf8');
  }

  get fences(): readonly Fence[] {
    return [...this.text.matchAll(/^( *)```(\w*)\n([\s\S]*?)^\1```$/gm)].map(
      ([, indent = '', language = '', text = '']) => ({ language, text: text.replaceAll(`\n${indent}`, '\n') }),
    );
  }

  get prose(): string {
    return this.text.replace(/^( *)```[\s\S]*?^\1```$/gm, '');
  }

  get links(): readonly Link[] {
    return [...this.prose.matchAll(/\[([^\]]*)\]\(([^)\s]+)\)/g)].map(([, text = '', target = '']) => ({
      text,
      target,
    }));
  }

  get anchors(): ReadonlySet<string> {
    const headings = [...this.prose.matchAll(/^#{1,6} (.+)$/gm)].map(([, heading = '']) => heading);
    return new Set(
      headings.map((heading) =>
        heading
          .toLowerCase()
          .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
          .replaceAll(' ', '-'),
      ),
    );
  }

  section(heading: string): string {
    const [, after] = this.text.split(`\n${heading}\n`);
    if (after === undefined) throw new Error(`${this.path} has no heading “${heading}”`);
    const level = heading.split(' ')[0] ?? '';
    return after.split(new RegExp(`^${level} `, 'm'))[0] ?? '';
  }
}

export function tableRows(text: string): readonly (readonly string[])[] {
  const lines = text.split('\n');
  return lines
    .filter((line, index) => line.startsWith('|') && !isRule(line) && !isRule(lines[index + 1] ?? ''))
    .map((line) =>
      line
        .split(/(?<!\\)\|/)
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
}

function isRule(line: string): boolean {
  return /^\|[ :|-]+\|$/.test(line);
}

export function codeIn(cell: string): string {
  const code = /`([^`]+)`/.exec(cell)?.[1];
  if (code === undefined) throw new Error(`The cell “${cell}” has no inline code`);
  return code;
}

/** Includes new files that git does not ignore. */
export function repositoryPaths(...patterns: readonly string[]): readonly string[] {
  const output = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '--', ...patterns], {
    cwd: root,
    encoding: 'utf8',
  });
  return [...new Set(output.split('\n'))].filter((path) => path !== '' && existsSync(join(root, path))).sort();
}

export function sourceText(path: string): string {
  return readFileSync(join(root, path), 'utf8');
}
