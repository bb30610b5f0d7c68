import chromium from '@sparticuz/chromium';
import { chromium as playwright } from 'playwright-core';
import type { Browser } from 'playwright-core';

/**
 * The package's arguments are made for Lambda: one process, which dies with its first context, and no web security,
 * which would hide what a page may not do.
 */
const unwanted = new Set([
  '--single-process',
  '--no-zygote',
  '--disable-web-security',
  '--allow-running-insecure-content',
]);

/**
 * A real browser from an npm package. It sends no network requests of its own accord.
 *
 * @param testPort the local port to which all names under `.test` resolve.
 */
export async function launchChromium(testPort?: string): Promise<Browser> {
  return playwright.launch({
    executablePath: await chromium.executablePath(),
    args: [
      ...chromium.args.filter((argument) => !unwanted.has(argument)),
      '--disable-background-networking',
      ...(testPort === undefined ? [] : [`--host-resolver-rules=MAP *.test 127.0.0.1:${testPort}`]),
    ],
    headless: true,
  });
}
