import * as z from 'zod/mini';
import { text } from './text.ts';

/**
 * The addresses that browsers accept in `<input type=email>`. Each part is bounded, so that matching stays linear.
 * RFC 5321, section 4.5.3.1, allows 64 octets before the `@` and 254 in all.
 * https://html.spec.whatwg.org/multipage/input.html#valid-e-mail-address
 */
const address =
  /^[a-zA-Z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?(?:\.[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?)*$/;
const longestAddress = 254;

/**
 * The form in which addresses and user names are stored and compared: ASCII letters in lower case, and an international
 * domain in its ASCII form (UTS #46), as browsers send it. An address that cannot be converted stays as it is and
 * matches no pattern.
 */
function comparableAddress(value: string): string {
  const at = value.lastIndexOf('@');
  const domain = value.slice(at + 1);
  const isInternational = at >= 0 && domain.length <= longestAddress && /^[a-zA-Z0-9.-]*[^\0-\x7f]/.test(domain);
  return asciiLowerCase(isInternational ? value.slice(0, at + 1) + asciiDomain(domain) : value);
}

/** Converts only ASCII letters. `toLowerCase` would also convert the Kelvin sign to `k`. */
export function asciiLowerCase(value: string): string {
  return value.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
}

function asciiDomain(domain: string): string {
  // A character that no host name has would begin another part of the URL.
  if (/[^a-zA-Z0-9.\-\u0080-\u{10ffff}]/u.test(domain)) return domain;
  return URL.parse(`http://${domain}`)?.hostname ?? domain;
}

export const email = text(
  z.trim(),
  z.overwrite(comparableAddress),
  z.maxLength(longestAddress),
  z.refine((value) => address.test(value), 'must be an e-mail address'),
  z.meta({
    description:
      'An e-mail address as browsers accept it, with at most 64 characters before the `@`. Case-insensitive, and unique in the tenant. An international domain may be sent in either form and is returned in its ASCII form.',
    format: 'email',
    examples: ['alice@example.com'],
  }),
);

/** An address or a user name for a lookup. Any text is valid: without an account, the lookup finds nothing. */
export const addressToFind = text(
  z.trim(),
  z.overwrite(comparableAddress),
  z.minLength(1),
  z.maxLength(longestAddress),
);
