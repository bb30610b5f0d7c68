import chromium from '@sparticuz/chromium';
import { chromium as playwright } from 'playwright-core';
import type { Browser } from 'playwright-core';

/** These are for Lambda: the single process ends with its first context, and web security is disabled. */
const unwanted = new Set([
  '--single-process',
  '--no-zygote',
  '--disable-web-security',
  '--allow-running-insecure-content',
]);

/**
 * Sends no network requests by itself.
 *
 * @param testPort the local port to which all hosts under `.test` resolve.
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
