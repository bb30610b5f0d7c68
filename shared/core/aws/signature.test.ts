import { createHash, createHmac } from 'node:crypto';
import { SignatureV4 } from '@smithy/signature-v4';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { signedHeaders, type UnsignedRequest } from './signature.ts';

const credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY' };
const at = Date.parse('2015-08-30T12:36:00Z');

function signatureOf(request: UnsignedRequest, service: string): string {
  const { authorization = '' } = signedHeaders(request, { region: 'us-east-1', service, credentials, at });
  return authorization.replace(/^.*Signature=/, '');
}

describe('signedHeaders', () => {
  // https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-test-suite.html
  it.each([
    ['GET', '5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31'],
    ['POST', '5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b'],
  ])('signs the plain %s of the test suite of AWS', (method, signature) => {
    const request = { method, path: '/', headers: { host: 'example.amazonaws.com' }, body: '' };
    expect(signatureOf(request, 'service')).toBe(signature);
  });

  // https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
  it('signs the example of the IAM documentation', () => {
    const headers = {
      host: 'iam.amazonaws.com',
      'content-type': 'application/x-www-form-urlencoded; charset=utf-8',
    };
    const request = { method: 'GET', path: '/?Action=ListUsers&Version=2010-05-08', headers, body: '' };
    expect(signatureOf(request, 'iam')).toBe('5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7');
  });

  it('uses another key on another day, in another region and for other credentials', () => {
    const request = { method: 'POST', path: '/', headers: { host: 'a.example' }, body: '' };
    const scope = { region: 'us-east-1', service: 'dynamodb', credentials, at };
    const others = [
      scope,
      { ...scope, at: at + 12 * 60 * 60 * 1000 },
      { ...scope, region: 'us-east-2' },
      { ...scope, credentials: { ...credentials, secretAccessKey: 'another' } },
    ];
    const signatures = others.map((other) => signedHeaders(request, other)['authorization']);
    expect(new Set(signatures).size).toBe(others.length);
    expect(signedHeaders(request, scope)['authorization']).toBe(signatures[0]);
  });

  it('signs random requests as the SDK does', async () => {
    const path = fc.array(fc.string({ minLength: 1, unit: 'binary' }).filter(isSegment), { maxLength: 3 });
    const values = fc.string({ unit: fc.constantFrom(...'abcXYZ0189 =+/;,~') });
    const headers = fc.dictionary(fc.stringMatching(/^x-amz-[a-z]{1,8}$/), values, { maxKeys: 4 });
    const draw = fc.record({
      path,
      headers,
      method: fc.constantFrom('GET', 'POST', 'DELETE'),
      body: fc.oneof(fc.string({ unit: 'binary' }), fc.uint8Array()),
      sessionToken: fc.option(fc.stringMatching(/^[A-Za-z0-9+/=]{1,40}$/), { nil: undefined }),
      service: fc.constantFrom('dynamodb', 'execute-api'),
      seconds: fc.integer({ min: 0, max: 4_000_000_000 }),
    });
    await fc.assert(
      fc.asyncProperty(draw, async ({ path: segments, sessionToken, service, seconds, method, body, ...drawn }) => {
        const session = { ...credentials, ...(sessionToken === undefined ? {} : { sessionToken }) };
        const request = {
          method,
          path: `/${segments.map(encodeURIComponent).join('/')}`,
          headers: { host: 'a.example:8080', ...drawn.headers },
          body,
        };
        const ours = signedHeaders(request, {
          ...{ region: 'eu-central-1', service, credentials: session, at: seconds * 1000 },
        });
        const signer = new SignatureV4({
          ...{ service, region: 'eu-central-1', credentials: session, sha256: Sha256, applyChecksum: false },
        });
        const theirs = await signer.sign(
          { ...request, protocol: 'https:', hostname: 'a.example', query: {} },
          { signingDate: new Date(seconds * 1000) },
        );
        expect(ours).toEqual(theirs.headers);
      }),
    );
  });
});

/** Encoding throws for a lone surrogate, and the SDK resolves segments of dots. */
function isSegment(text: string): boolean {
  return text.isWellFormed() && !/^\.+$/.test(text);
}

class Sha256 {
  readonly #hash;

  constructor(secret?: string | ArrayBuffer | ArrayBufferView) {
    this.#hash = secret === undefined ? createHash('sha256') : createHmac('sha256', secret as Uint8Array);
  }

  update(data: string | Uint8Array): void {
    this.#hash.update(data);
  }

  digest(): Promise<Uint8Array> {
    return Promise.resolve(this.#hash.digest());
  }

  reset(): void {}
}
