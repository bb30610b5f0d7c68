/** Code points; applies even if the tenant allows its users more. */
const guestTextLength = 1000;

/** In code points; undefined if the text is not too long. */
export function tooLong(
  text: string,
  role: string,
  tenantLimit: number,
): { readonly length: number; readonly limit: number } | undefined {
  const limit = role === 'guest' ? Math.min(guestTextLength, tenantLimit) : tenantLimit;
  const length = codePoints(text);
  return length > limit ? { length, limit } : undefined;
}

/** One character can be two UTF-16 units. */
function codePoints(text: string): number {
  let length = 0;
  for (const _ of text) length += 1;
  return length;
}
