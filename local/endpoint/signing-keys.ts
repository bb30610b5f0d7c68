import { createHmac, createSecretKey, timingSafeEqual } from 'node:crypto';
import type { KeyObject } from 'node:crypto';

export interface CredentialScope {
  readonly accessKeyId: string;
  /** `20261121` */
  readonly date: string;
  readonly region: string;
  /** Also the IAM prefix. */
  readonly service: string;
}

/** More keys than a run uses at once. */
const mostKept = 5_000;

/**
 * Deriving a key costs more than the rest of a verification.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 */
export class SigningKeys {
  readonly #secretOf: (accessKeyId: string) => string;
  readonly #keys = new Map<string, KeyObject>();

  constructor(secretOf: (accessKeyId: string) => string) {
    this.#secretOf = secretOf;
  }

  /** `signature` is hexadecimal. Compares in constant time. */
  verifies(scope: CredentialScope, text: string, signature: string): boolean {
    const expected = createHmac('sha256', this.#key(scope)).update(text).digest();
    const given = Buffer.from(signature, 'hex');
    return given.length === expected.length && timingSafeEqual(given, expected);
  }

  #key({ accessKeyId, date, region, service }: CredentialScope): KeyObject {
    const name = `${accessKeyId}/${date}/${region}/${service}`;
    const cached = this.#keys.get(name);
    if (cached !== undefined) return cached;
    const derive = (key: Buffer | string, text: string): Buffer => createHmac('sha256', key).update(text).digest();
    const dateKey = derive(`AWS4${this.#secretOf(accessKeyId)}`, date);
    const key = createSecretKey(derive(derive(derive(dateKey, region), service), 'aws4_request'));
    if (this.#keys.size >= mostKept) this.#keys.clear();
    this.#keys.set(name, key);
    return key;
  }
}

/** Undefined if malformed. */
export function readScope(text: string): CredentialScope | undefined {
  const [accessKeyId = '', date = '', region = '', service = '', terminator, ...more] = text.split('/');
  if (terminator !== 'aws4_request' || more.length > 0 || accessKeyId === '') return undefined;
  return { accessKeyId, date, region, service };
}
