const longestName = 150;
/** Controls, line and paragraph separators, marks that turn the direction of writing, and what file systems refuse. */
const unsafe = /[\p{Cc}\p{Zl}\p{Zp}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff"<>:|?*]/gu;

/**
 * A file's name that harms nobody who saves or sees it: no folders, no control characters, nothing that shows
 * `exe.jpg` as `gpj.exe` (U+202E), at most 150 characters with its extension kept.
 */
export function safeName(name: string): string {
  const last = name.split(/[/\\]/).at(-1) ?? '';
  const cleaned = last.replace(unsafe, '').replace(/^[\s.]+|[\s.]+$/g, '');
  if (cleaned === '') return 'file';
  const letters = Array.from(cleaned);
  if (letters.length <= longestName) return cleaned;
  const extension = /\.[A-Za-z0-9]{1,10}$/.exec(cleaned)?.[0] ?? '';
  const start = letters.slice(0, longestName - extension.length).join('');
  return (start + extension).replace(/[\s.]+$/, '');
}

/**
 * The header that names a download (RFC 6266): the name in ASCII for old readers, and whole as RFC 8187 writes it.
 * @param mode - `inline` only for what a browser shows without running anything.
 */
export function contentDisposition(mode: 'inline' | 'attachment', name: string): string {
  const ascii = name.replace(/[^\x20-\x7e]|["\\%]/g, '_');
  const whole = encodeURIComponent(name).replace(
    /['()*]/g,
    (letter) => `%${letter.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `${mode}; filename="${ascii}"; filename*=UTF-8''${whole}`;
}
