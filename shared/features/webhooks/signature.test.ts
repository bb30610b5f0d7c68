import { Webhook } from 'standardwebhooks';
import { describe, expect, it } from 'vitest';
import { newSecret, signedHeaders } from './signature.ts';

describe('signedHeaders', () => {
  it('equals the vector that the reference library and node:crypto agree on', () => {
    const body = '{"type":"message.created","timestamp":"2026-01-02T03:04:05.678Z","data":{"id":"m_1"}}';
    const secret = 'whsec_c3dpdGNoYm9hcmQtdGVzdC1zZWNyZXQtMzJieXRlcyE=';
    expect(signedHeaders({ id: 'msg_01TEST', at: 1_767_323_045_678, body }, [secret])).toEqual({
      'webhook-id': 'msg_01TEST',
      'webhook-timestamp': '1767323045',
      'webhook-signature': 'v1,URx/Tx46rcEN007daSTh7GLthkr5SwuQES9ab7FMhUc=',
    });
  });

  it('signs with each secret, so that the library accepts either of them and no other', () => {
    const [current, previous, other] = [newSecret(), newSecret(), newSecret()];
    const body = '{"text":"ü"}';
    const headers = signedHeaders({ id: '01KAJ8B1B2C3D4E5F6G7H8J9KM', at: Date.now(), body }, [current, previous]);
    for (const secret of [current, previous]) {
      expect(new Webhook(secret).verify(body, headers)).toEqual({ text: 'ü' });
    }
    expect(() => new Webhook(other).verify(body, headers)).toThrow('No matching signature');
    expect(() => new Webhook(current).verify(`${body} `, headers)).toThrow('No matching signature');
  });
});

describe('newSecret', () => {
  it('has the prefix of the standard and 32 random bytes', () => {
    const secrets = Array.from({ length: 100 }, newSecret);
    expect(new Set(secrets).size).toBe(100);
    for (const secret of secrets) {
      expect(secret).toMatch(/^whsec_/);
      expect(Buffer.from(secret.slice('whsec_'.length), 'base64')).toHaveLength(32);
    }
  });
});
