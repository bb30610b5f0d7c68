import { copyFile, mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import packageDescription from '../package.json' with { type: 'json' };
import { currentDocuments, serialised } from '../shared/contract/documents/current.ts';
import { interactivePage } from './site/interactive-page.ts';
import { landingPage } from './site/landing-page.ts';
import { resetPasswordPage } from './site/reset-password-page.ts';
import { verifyEmailPage } from './site/verify-email-page.ts';
import { referencePage } from './site/reference-page.ts';

/** The site that the edge serves for every path that is not the API's or the socket's. */
export const siteDirectory = resolve(import.meta.dirname, '../docs/site');

/**
 * Completes `docs/site/`: renders the pages from the contract, writes its two documents, and copies the script of the
 * interactive page from the installed package, since nothing may be fetched from another host at run time. Files that
 * are right already are not touched.
 */
export async function prepareSite(): Promise<void> {
  const documents = currentDocuments(packageDescription.version);
  await Promise.all([
    place('index.html', landingPage()),
    place('docs/index.html', interactivePage()),
    place('reset-password/index.html', resetPasswordPage()),
    place('verify-email/index.html', verifyEmailPage()),
    place('reference/index.html', referencePage(documents)),
    place('api/v1/openapi.json', serialised(documents.openapi)),
    place('api/v1/asyncapi.json', serialised(documents.asyncapi)),
    copyScript(),
  ]);
}

async function place(path: string, content: string): Promise<void> {
  const target = join(siteDirectory, path);
  if ((await readFile(target, 'utf8').catch(() => undefined)) === content) return;
  await mkdir(dirname(target), { recursive: true });
  await writeFile(target, content);
}

async function copyScript(): Promise<void> {
  // The package lets its style sheet be resolved, and the script is beside it.
  const styles = createRequire(import.meta.url).resolve('@scalar/api-reference/style.css');
  const source = join(dirname(styles), 'browser/standalone.js');
  const target = join(siteDirectory, 'assets/scalar.js');
  const [from, to] = await Promise.all([stat(source), stat(target).catch(() => undefined)]);
  if (to?.size === from.size && to.mtimeMs >= from.mtimeMs) return;
  await mkdir(dirname(target), { recursive: true });
  await copyFile(source, target);
}
