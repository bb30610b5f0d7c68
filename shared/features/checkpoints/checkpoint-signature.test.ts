import { generateKeyPairSync, sign } from 'node:crypto';
import { expect, it } from 'vitest';
import { openCheckpoint } from './checkpoint-signature.ts';

const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const stated = { v: 1, tenantId: 't', at: '2026-01-01T00:00:00.000Z', ends: [] };

function jws(header: object, payload: object, key = privateKey): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const input = `${part(header)}.${part(payload)}`;
  return `${input}.${sign('sha256', Buffer.from(input), { key, dsaEncoding: 'ieee-p1363' }).toString('base64url')}`;
}

const header = { alg: 'ES256', kid: 'k', typ: 'switchboard-checkpoint' };

it('returns the checkpoint that the key has signed', () => {
  expect(openCheckpoint(jws(header, stated), publicKey)).toEqual(stated);
});

it('rejects another key, another type, other content and any changed part', () => {
  const stranger = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
  const good = jws(header, stated);
  const [head = '', payload = '', signature = ''] = good.split('.');
  const refused = [
    jws(header, stated, stranger),
    jws({ ...header, typ: 'at+jwt' }, stated),
    jws({ ...header, alg: 'none' }, stated),
    jws(header, { ...stated, v: 2 }),
    `${head}.${Buffer.from(JSON.stringify({ ...stated, tenantId: 'u' })).toString('base64url')}.${signature}`,
    `${payload}.${head}.${signature}`,
    `${head}.${payload}.`,
    `${head}.${payload}.${signature}.${signature}`,
    '',
    'no checkpoint',
  ];
  for (const jwsToReject of refused) expect(openCheckpoint(jwsToReject, publicKey), jwsToReject).toBeUndefined();
});
