import * as z from 'zod/mini';
import { text } from './text.ts';

/**
 * As in `<input type=email>`. Bounded parts keep matching linear. RFC 5321, section 4.5.3.1, allows 64 octets before
 * the `@` and 254 in all. https://html.spec.whatwg.org/multipage/input.html#valid-e-mail-address
 */
const address =
  /^[a-zA-Z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?(?:\.[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?)*$/;
const longestAddress = 254;

/**
 * The stored form: lower-case ASCII letters, and a domain in ASCII (UTS #46). An address that cannot be converted stays
 * and matches no pattern.
 */
function comparableAddress(value: string): string {
  const at = value.lastIndexOf('@');
  const domain = value.slice(at + 1);
  const isInternational = at >= 0 && domain.length <= longestAddress && /^[a-zA-Z0-9.-]*[^\0-\x7f]/.test(domain);
  return asciiLowerCase(isInternational ? value.slice(0, at + 1) + asciiDomain(domain) : value);
}

/** `toLowerCase` would also convert the Kelvin sign to `k`. */
export function asciiLowerCase(value: string): string {
  return value.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
}

function asciiDomain(domain: string): string {
  // Such a character would begin another part of the URL.
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

export const addressToFind = text(
  z.trim(),
  z.overwrite(comparableAddress),
  z.minLength(1),
  z.maxLength(longestAddress),
);
