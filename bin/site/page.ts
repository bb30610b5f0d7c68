import { escapeHtml } from './html.ts';

export interface Page {
  readonly title: string;
  readonly description: string;
  readonly path: '/' | '/docs' | '/reference' | '/reset-password' | '/unsubscribe' | '/verify-email';
  readonly main: string;
  readonly aside?: string;
  readonly script?: string;
}

const navigation = [
  ['/', 'Overview'],
  ['/docs', 'Try it'],
  ['/reference', 'Reference'],
] as const;

/** Without inline scripts and styles, for the content security policy. */
export function renderPage({ title, description, path, main, aside, script }: Page): string {
  return `${head(title, description)}
<body>
<a class="skip" href="#main">Skip to content</a>
${header(path)}
<div class="${aside === undefined ? 'single' : 'columns'}">
${aside === undefined ? '' : `<nav class="contents" aria-label="Contents">\n${aside}\n</nav>`}
<main id="main" tabindex="-1">
${main}
</main>
</div>
<footer>
<p>Machine-readable descriptions: <a href="/api/v1/openapi.json">OpenAPI 3.1</a>, <a href="/api/v1/asyncapi.json">AsyncAPI 3.0</a>.</p>
</footer>${script === undefined ? '' : `\n<script type="module" src="${script}"></script>`}
</body>
</html>
`;
}

export function header(current: Page['path']): string {
  const links = navigation.map(
    ([path, name]) => `<li><a href="${path}"${path === current ? ' aria-current="page"' : ''}>${name}</a></li>`,
  );
  return `<header class="top">
<a class="brand" href="/"><img src="/favicon.svg" alt="" width="24" height="24">Switchboard</a>
<nav aria-label="Pages"><ul>${links.join('')}</ul></nav>
</header>`;
}

export function head(title: string, description: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="description" content="${escapeHtml(description)}">
<title>${escapeHtml(title)}</title>
<link rel="icon" href="/favicon.svg" type="image/svg+xml">
<link rel="stylesheet" href="/site.css">
</head>`;
}
