/** Guests write at most this much, in code points, whatever the tenant allows its users. */
const guestTextLength = 1000;

/** How far a text is over the limit of who writes it; nothing if it is not. Both in code points. */
export function tooLong(
  text: string,
  role: string,
  tenantLimit: number,
): { readonly length: number; readonly limit: number } | undefined {
  const limit = role === 'guest' ? Math.min(guestTextLength, tenantLimit) : tenantLimit;
  const length = codePoints(text);
  return length > limit ? { length, limit } : undefined;
}

/** People count characters, not UTF-16 units. */
function codePoints(text: string): number {
  let length = 0;
  for (const _ of text) length += 1;
  return length;
}
