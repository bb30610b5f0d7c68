import { type Line, nameOf, wordsOf } from './transcript-rules.ts';

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function escaped(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => entities[character] ?? character);
}

const style =
  'body{font:16px/1.5 system-ui,sans-serif;max-width:45rem;margin:2rem auto;padding:0 1rem}' +
  'li{list-style:none;margin:0 0 1rem;break-inside:avoid}ol{padding:0}' +
  'p{margin:0;white-space:pre-wrap;overflow-wrap:anywhere}.who{color:#555;font-size:.875rem}';

/** A page to print. It loads nothing, and each text has the direction of its own letters. */
export function htmlOf(lines: readonly Line[], title: string): string {
  const items = lines.map((line) => {
    const { createdAt, urgent } = line.message;
    const mark = urgent === true ? ' · <strong>urgent</strong>' : '';
    const who = `<time datetime="${escaped(createdAt)}">${escaped(createdAt)}</time> · <bdi>${escaped(nameOf(line))}</bdi>${mark}`;
    return `<li><p class="who">${who}</p><p dir="auto">${escaped(wordsOf(line.message))}</p></li>`;
  });
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${escaped(title)}</title>
<style>${style}</style>
</head>
<body>
<h1 dir="auto">${escaped(title)}</h1>
<ol>
${items.join('\n')}
</ol>
</body>
</html>
`;
}
