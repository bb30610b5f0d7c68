const coordinateBytes = 32;

const sequenceTag = 0x30;
const integerTag = 0x02;

/**
 * Converts DER (RFC 3279, section 2.2.3) to the form of a JWS (RFC 7518, section 3.4).
 * https://docs.aws.amazon.com/kms/latest/APIReference/API_Sign.html#KMS-Sign-response-Signature
 * @throws if the bytes are not such a signature.
 */
export function joseSignature(der: Uint8Array): Buffer {
  const bytes = Buffer.from(der.buffer, der.byteOffset, der.byteLength);
  // Two integers of at most 33 bytes fit the short form of a length.
  if (bytes[0] !== sequenceTag || bytes[1] !== bytes.length - 2) throw new Error('Not an ECDSA signature of P-256');
  const first = integerAt(bytes, 2);
  const second = integerAt(bytes, first.end);
  if (second.end !== bytes.length) throw new Error('Not an ECDSA signature of P-256');
  return Buffer.concat([coordinate(first.value), coordinate(second.value)]);
}

function integerAt(bytes: Buffer, start: number): { readonly value: Buffer; readonly end: number } {
  const length = bytes[start + 1];
  if (bytes[start] !== integerTag || length === undefined || length === 0) {
    throw new Error('Not an ECDSA signature of P-256');
  }
  const end = start + 2 + length;
  if (end > bytes.length) throw new Error('Not an ECDSA signature of P-256');
  return { value: bytes.subarray(start + 2, end), end };
}

/** DER removes leading zeros, and adds one if the first bit is set. */
function coordinate(integer: Buffer): Buffer {
  const significant = integer.subarray(integer.findIndex((byte) => byte !== 0));
  if (significant.length > coordinateBytes) throw new Error('Not an ECDSA signature of P-256');
  return Buffer.concat([Buffer.alloc(coordinateBytes - significant.length), significant]);
}
