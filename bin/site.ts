import { copyFile, mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import packageDescription from '../package.json' with { type: 'json' };
import { currentDocuments, serialised } from '../shared/contract/documents/current.ts';
import { interactivePage } from './site/interactive-page.ts';
import { landingPage } from './site/landing-page.ts';
import { resetPasswordPage } from './site/reset-password-page.ts';
import { unsubscribePage } from './site/unsubscribe-page.ts';
import { verifyEmailPage } from './site/verify-email-page.ts';
import { referencePage } from './site/reference-page.ts';

export const siteDirectory = resolve(import.meta.dirname, '../docs/site');

/**
 * Builds the generated files of `docs/site/`. Pages may not load scripts from other hosts. Unchanged files keep their
 * modification time.
 */
export async function prepareSite(): Promise<void> {
  const documents = currentDocuments(packageDescription.version);
  await Promise.all([
    writePage('index.html', landingPage()),
    writePage('docs/index.html', interactivePage()),
    writePage('reset-password/index.html', resetPasswordPage()),
    writePage('verify-email/index.html', verifyEmailPage()),
    writePage('unsubscribe/index.html', unsubscribePage()),
    writePage('reference/index.html', referencePage(documents)),
    writePage('api/v1/openapi.json', serialised(documents.openapi)),
    writePage('api/v1/asyncapi.json', serialised(documents.asyncapi)),
    copyScript(),
  ]);
}

async function writePage(path: string, content: string): Promise<void> {
  const target = join(siteDirectory, path);
  if ((await readFile(target, 'utf8').catch(() => undefined)) === content) return;
  await mkdir(dirname(target), { recursive: true });
  await writeFile(target, content);
}

async function copyScript(): Promise<void> {
  // The package exports only its style sheet. The script is beside it.
  const styles = createRequire(import.meta.url).resolve('@scalar/api-reference/style.css');
  const source = join(dirname(styles), 'browser/standalone.js');
  const target = join(siteDirectory, 'assets/scalar.js');
  const [from, to] = await Promise.all([stat(source), stat(target).catch(() => undefined)]);
  if (to?.size === from.size && to.mtimeMs >= from.mtimeMs) return;
  await mkdir(dirname(target), { recursive: true });
  await copyFile(source, target);
}
