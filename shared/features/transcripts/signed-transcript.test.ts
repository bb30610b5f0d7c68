import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { claimsOf, fingerprintOf, type SignedContent, transcriptType, verifyTranscript } from './signed-transcript.ts';

const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });

const content: SignedContent = {
  v: 1,
  tenantId: 'north',
  conversationId: 'c',
  readerId: 'u',
  at: '2026-11-30T07:00:00.000Z',
  isEnd: true,
  entries: [
    { seq: 1, hash: 'a', message: { text: 'Hello', metadata: { b: 1, a: 2 } } },
    { seq: 2, hash: 'b' },
    { seq: 3, hash: 'c', message: { text: 'Bye' } },
  ],
};

function fileOf(transcript: unknown, signed = content, typ: string = transcriptType, keys: { key?: KeyObject } = {}) {
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const input = `${part({ alg: 'ES256', typ })}.${part(claimsOf(signed))}`;
  const signature = sign('sha256', Buffer.from(input), { key: privateKey, dsaEncoding: 'ieee-p1363' });
  const pem = (keys.key ?? publicKey).export({ type: 'spki', format: 'pem' });
  return JSON.stringify({
    transcript,
    proof: { jws: `${input}.${signature.toString('base64url')}`, publicKey: pem },
  });
}

describe('verifyTranscript', () => {
  it('accepts an unchanged transcript and names its key', () => {
    expect(verifyTranscript(fileOf(content))).toEqual({
      valid: true,
      content,
      fingerprint: fingerprintOf(publicKey),
    });
  });

  it('rejects a changed, removed, added or moved message', () => {
    const [first, second, third] = content.entries;
    for (const entries of [
      [{ ...first, message: { text: 'Hallo' } }, second, third],
      [first, second],
      [first, second, third, { seq: 4, hash: 'd' }],
      [second, first, third],
    ]) {
      expect(verifyTranscript(fileOf({ ...content, entries }))).toEqual({ valid: false, fault: 'content' });
    }
    expect(verifyTranscript(fileOf({ ...content, conversationId: 'd' }))).toEqual({ valid: false, fault: 'content' });
  });

  it('rejects a signed transcript with a gap', () => {
    const gap = { ...content, entries: content.entries.filter(({ seq }) => seq !== 2) };
    expect(verifyTranscript(fileOf(gap, gap))).toEqual({ valid: false, fault: 'gap' });
  });

  it('rejects a signature by another key, or of another type of record', () => {
    const other = generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey;
    const byOther = fileOf(content, content, transcriptType, { key: other });
    expect(verifyTranscript(byOther)).toEqual({ valid: false, fault: 'signature' });
    expect(verifyTranscript(fileOf(content, content, 'switchboard-checkpoint'))).toEqual({
      valid: false,
      fault: 'signature',
    });
  });

  it('rejects another file, and another kind of key', () => {
    expect(verifyTranscript('')).toEqual({ valid: false, fault: 'form' });
    expect(verifyTranscript('{"transcript":{}}')).toEqual({ valid: false, fault: 'form' });
    const large = generateKeyPairSync('ec', { namedCurve: 'P-384' }).publicKey;
    const withKey = fileOf(content, content, transcriptType, { key: large });
    expect(verifyTranscript(withKey)).toEqual({ valid: false, fault: 'key' });
  });
});
