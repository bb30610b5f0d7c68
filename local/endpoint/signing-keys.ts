import { createHmac, createSecretKey, timingSafeEqual } from 'node:crypto';
import type { KeyObject } from 'node:crypto';

/** What a credential scope names: `<access key id>/<date>/<region>/<service>/aws4_request`. */
export interface CredentialScope {
  readonly accessKeyId: string;
  /** `20261121` */
  readonly date: string;
  readonly region: string;
  /** Name of the service in signatures, which is its IAM prefix. */
  readonly service: string;
}

/** One key lasts a day for one service and one holder; more than these are not in use at once. */
const mostKept = 5_000;

/**
 * The keys of Signature Version 4, derived once for each access key, day, region and service. Deriving one costs four
 * HMACs, more than the rest of a verification.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 */
export class SigningKeys {
  readonly #secretOf: (accessKeyId: string) => string;
  readonly #keys = new Map<string, KeyObject>();

  constructor(secretOf: (accessKeyId: string) => string) {
    this.#secretOf = secretOf;
  }

  /** True if `signature` (hexadecimal) signs `text` with the scope's key. Compares in constant time. */
  verifies(scope: CredentialScope, text: string, signature: string): boolean {
    const expected = createHmac('sha256', this.#key(scope)).update(text).digest();
    const given = Buffer.from(signature, 'hex');
    return given.length === expected.length && timingSafeEqual(given, expected);
  }

  #key({ accessKeyId, date, region, service }: CredentialScope): KeyObject {
    const name = `${accessKeyId}/${date}/${region}/${service}`;
    const known = this.#keys.get(name);
    if (known !== undefined) return known;
    const derive = (key: Buffer | string, text: string): Buffer => createHmac('sha256', key).update(text).digest();
    const dateKey = derive(`AWS4${this.#secretOf(accessKeyId)}`, date);
    const key = createSecretKey(derive(derive(derive(dateKey, region), service), 'aws4_request'));
    if (this.#keys.size >= mostKept) this.#keys.clear();
    this.#keys.set(name, key);
    return key;
  }
}

/** Reads a credential scope; undefined if the text is none. */
export function readScope(text: string): CredentialScope | undefined {
  const [accessKeyId = '', date = '', region = '', service = '', terminator, ...more] = text.split('/');
  if (terminator !== 'aws4_request' || more.length > 0 || accessKeyId === '') return undefined;
  return { accessKeyId, date, region, service };
}
