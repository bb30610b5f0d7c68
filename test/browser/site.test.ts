import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { prepareSite } from '../../bin/site.ts';
import { getHealth } from '../../shared/contract/health/get-health.ts';
import { launchChromium } from './chromium.ts';
import { startSiteServer } from './site-server.ts';
import type { SiteServer } from './site-server.ts';

let server: SiteServer;
let browser: Browser;

beforeAll(async () => {
  await prepareSite();
  [server, browser] = await Promise.all([startSiteServer(), launchChromium()]);
});

afterAll(async () => {
  await browser?.close();
  await server?.close();
});

interface Visit {
  readonly page: Page;
  readonly foreign: string[];
  readonly errors: string[];
  readonly violations: string[];
}

async function visit(
  path: string,
  options: BrowserContextOptions,
  check: (visit: Visit) => Promise<void>,
): Promise<void> {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  const foreign: string[] = [];
  const errors: string[] = [];
  page.on('request', (request) => {
    const { origin, protocol } = new URL(request.url());
    if (protocol.startsWith('http') && origin !== server.origin) foreign.push(request.url());
  });
  page.on('pageerror', (error) => errors.push(error.message));
  const violations: string[] = [];
  await page.exposeFunction('addViolation', (directive: string, uri: string) => violations.push(`${directive} ${uri}`));
  await page.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', (event) => {
      (globalThis as unknown as { addViolation: (directive: string, uri: string) => void }).addViolation(
        event.effectiveDirective,
        event.blockedURI,
      );
    });
  });
  await page.goto(server.origin + path);
  await check({ page, foreign, errors, violations });
  await context.close();
}

describe('the interactive page', () => {
  it('shows the operations, calls them on its own origin, and sends no request to other hosts', async () => {
    await visit('/docs', {}, async ({ page, foreign, errors, violations }) => {
      await page.getByRole('heading', { name: 'Switchboard', level: 1 }).waitFor();
      await page.getByRole('link', { name: getHealth.summary }).click();
      await page.getByRole('button', { name: /Test Request.*\/healthz/i }).click();
      const [answer] = await Promise.all([
        page.waitForResponse(`${server.origin}/healthz`),
        page.getByRole('button', { name: /^Send get request/i }).click(),
      ]);
      expect(answer.status()).toBe(200);
      await page.getByText('200 OK').first().waitFor();
      expect(foreign).toEqual([]);
      expect(errors).toEqual([]);
      // A library tries to evaluate text, and continues without.
      expect(violations.filter((violation) => violation !== 'script-src eval')).toEqual([]);
    });
  });
});

describe.each(['/', '/reference'])('%s', (path) => {
  it('works without scripts and other hosts', async () => {
    await visit(path, { javaScriptEnabled: false }, async ({ page, foreign }) => {
      await page.getByRole('heading', { level: 1 }).waitFor();
      expect(await page.getByRole('main').innerText()).toContain(path === '/' ? 'Get a token' : 'IDEMPOTENCY_CONFLICT');
      expect(foreign).toEqual([]);
    });
  });

  it('fits a small phone without horizontal scrolling', async () => {
    await visit(path, { viewport: { width: 320, height: 640 } }, async ({ page, errors }) => {
      const width = await page.evaluate(() => document.documentElement.scrollWidth);
      expect(width).toBeLessThanOrEqual(320);
      expect(errors).toEqual([]);
    });
  });

  it.each(['light', 'dark'] as const)('has enough contrast for texts in %s', async (colorScheme) => {
    await visit(path, { colorScheme }, async ({ page }) => {
      // WCAG 2.2, 1.4.3: 4.5 to 1.
      expect(await page.evaluate(textsOfLowContrast, 4.5)).toEqual([]);
    });
  });

  it('lets the keyboard skip to the content', async () => {
    await visit(path, {}, async ({ page }) => {
      await page.keyboard.press('Tab');
      await page.keyboard.press('Enter');
      expect(await page.evaluate(() => document.activeElement?.id)).toBe('main');
    });
  });
});

describe('a problem’s address', () => {
  it('leads to its section', async () => {
    await visit('/reference#problem-throttled', {}, async ({ page }) => {
      const heading = page.locator('#problem-throttled').getByRole('heading');
      expect(await heading.innerText()).toContain('THROTTLED');
      expect(await page.evaluate(() => document.querySelector(':target')?.id)).toBe('problem-throttled');
    });
  });
});

/** Runs in the page. https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio */
function textsOfLowContrast(least: number): string[] {
  const channels = (colour: string) => (colour.match(/[\d.]+/g) ?? []).map(Number);
  const luminance = (colour: string) =>
    channels(colour)
      .slice(0, 3)
      .map((channel) => channel / 255)
      .map((share) => (share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4))
      .reduce((sum, share, index) => sum + share * ([0.2126, 0.7152, 0.0722][index] ?? 0), 0);
  const behind = (element: Element | null): string => {
    if (element === null) return 'rgb(255, 255, 255)';
    const colour = getComputedStyle(element).backgroundColor;
    return channels(colour)[3] === 0 ? behind(element.parentElement) : colour;
  };
  const found = new Set<string>();
  for (const element of document.body.querySelectorAll('*')) {
    const text = [...element.childNodes].find((node) => node.nodeType === Node.TEXT_NODE && node.textContent?.trim());
    if (text === undefined) continue;
    const [lighter, darker] = [getComputedStyle(element).color, behind(element)].map(luminance).sort((a, b) => b - a);
    const ratio = ((lighter ?? 0) + 0.05) / ((darker ?? 0) + 0.05);
    if (ratio < least) found.add(`${element.tagName}.${element.className}: ${ratio.toFixed(2)}`);
  }
  return [...found];
}
