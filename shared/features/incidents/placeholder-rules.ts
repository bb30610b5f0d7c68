import { valueAt } from './pointer-rules.ts';
import { plainText } from './untrusted-text-rules.ts';

/** Of one value. */
const longestValue = 500;

const placeholder = /\{\{\s*([^{}|]{1,200}?)\s*(?:\|([^{}]{0,200}))?\}\}/g;

/**
 * Fills in `{{labels.host}}`, `{{/payload/groupKey}}` and `{{labels.zone|none}}`. A value is text, never a template
 * again. Objects and missing members become the default, or nothing.
 */
export function fillIn(template: string, document: unknown): string {
  return template.replace(placeholder, (_, path: string, otherwise: string | undefined) => {
    const value = valueAt(document, pointerOf(path));
    const isShown = typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
    const text = isShown ? plainText(String(value), longestValue) : '';
    return text === '' ? (otherwise ?? '').trim() : text;
  });
}

/** `labels.host` is `/labels/host`. */
function pointerOf(path: string): string {
  return path.startsWith('/') ? path : `/${path.replaceAll('~', '~0').replaceAll('/', '~1').replaceAll('.', '/')}`;
}
