export function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}

/** Supports only `code` and **strong** of CommonMark. */
export function inline(text: string): string {
  return escapeHtml(text)
    .replace(/`([^`]+)`/g, '<code>$1</code>')
    .replace(/\*\*([^*]+)\*\*/g, '<strong>$1</strong>');
}

export function paragraphs(text: string): string {
  return text
    .split(/\n{2,}/)
    .map((paragraph) => `<p>${inline(paragraph)}</p>`)
    .join('\n');
}

export function jsonBlock(value: unknown, label: string): string {
  const coloured = escapeHtml(JSON.stringify(value, null, 2)).replace(
    /(&quot;(?:[^&\\]|\\.|&(?!quot;))*&quot;)(:)?/g,
    (_whole, text: string, colon: string | undefined) =>
      colon === undefined ? `<span class="text">${text}</span>` : `<span class="key">${text}</span>:`,
  );
  // `tabindex` makes the region reachable by keyboard.
  return `<pre tabindex="0" role="region" aria-label="${escapeHtml(label)}"><code>${coloured}</code></pre>`;
}

export function anchor(kind: string, name: string): string {
  return `${kind}-${name.replaceAll(/[^A-Za-z0-9-]+/g, '-')}`;
}
