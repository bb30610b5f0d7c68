import { createPrivateKey, generateKeyPairSync, randomBytes, sign } from 'node:crypto';

export interface Certificate {
  /** PEM. */
  readonly key: string;
  /** PEM. It is its own authority. */
  readonly certificate: string;
}

const oids = {
  ecdsaWithSha256: '06082a8648ce3d040302',
  commonName: '0603550403',
  basicConstraints: '0603551d13',
  subjectAltName: '0603551d11',
} as const;

/** Creates a self-signed X.509 certificate of a DNS name, valid until 2049. https://datatracker.ietf.org/doc/html/rfc5280#section-4.1 */
export function selfSignedCertificate(dnsName: string): Certificate {
  const { privateKey, publicKey } = generateKeyPairSync('ec', {
    namedCurve: 'P-256',
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'der' },
  });
  const algorithm = sequence(hex(oids.ecdsaWithSha256));
  const name = sequence(element(0x31, sequence(hex(oids.commonName), element(0x0c, Buffer.from(dnsName)))));
  const content = sequence(
    // Version 3.
    element(0xa0, integer(Buffer.from([2]))),
    integer(Buffer.concat([Buffer.from([1]), randomBytes(8)])),
    algorithm,
    name,
    sequence(utcTime('200101000000Z'), utcTime('491231235959Z')),
    name,
    publicKey,
    element(
      0xa3,
      sequence(
        sequence(hex(oids.basicConstraints), element(0x04, sequence(element(0x01, Buffer.from([0xff]))))),
        sequence(hex(oids.subjectAltName), element(0x04, sequence(element(0x82, Buffer.from(dnsName))))),
      ),
    ),
  );
  const signature = sign('sha256', content, createPrivateKey(privateKey));
  const der = sequence(content, algorithm, element(0x03, Buffer.concat([Buffer.from([0]), signature])));
  const lines = der.toString('base64').match(/.{1,64}/g) ?? [];
  return {
    key: privateKey,
    certificate: ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----', ''].join('\n'),
  };
}

function element(tag: number, content: Uint8Array): Buffer {
  const { length } = content;
  const size = length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...size]), content]);
}

function sequence(...parts: readonly Uint8Array[]): Buffer {
  return element(0x30, Buffer.concat(parts));
}

function integer(bytes: Uint8Array): Buffer {
  return element(0x02, bytes);
}

function utcTime(text: string): Buffer {
  return element(0x17, Buffer.from(text));
}

function hex(text: string): Buffer {
  return Buffer.from(text, 'hex');
}
