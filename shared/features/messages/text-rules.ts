/** The limit for guests in code points, even if the tenant allows its users more. */
const guestTextLength = 1000;

/** The length and the limit of a text that is too long for its author, in code points; undefined if it is not. */
export function tooLong(
  text: string,
  role: string,
  tenantLimit: number,
): { readonly length: number; readonly limit: number } | undefined {
  const limit = role === 'guest' ? Math.min(guestTextLength, tenantLimit) : tenantLimit;
  const length = codePoints(text);
  return length > limit ? { length, limit } : undefined;
}

/** Counts code points, because for users one character can be two UTF-16 units. */
function codePoints(text: string): number {
  let length = 0;
  for (const _ of text) length += 1;
  return length;
}
