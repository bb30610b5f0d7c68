import { afterEach, describe, expect, it, vi } from 'vitest';
import { config } from './config.ts';

afterEach(() => {
  vi.unstubAllEnvs();
});

describe('config', () => {
  it.each([undefined, '', ',', 'first,', ',second', 'first,,second'])(
    'rejects %j as the keys of access tokens',
    (text) => {
      vi.stubEnv('SIGNING_KEY_IDS', text);
      expect(() => config.signingKeyIds).toThrow('SIGNING_KEY_IDS');
    },
  );

  it('lists the keys of access tokens in their order', () => {
    vi.stubEnv('SIGNING_KEY_IDS', 'first,second');
    expect(config.signingKeyIds).toEqual(['first', 'second']);
  });

  it.each([undefined, ''])('rejects %j as the name of the table', (text) => {
    vi.stubEnv('TABLE_NAME', text);
    expect(() => config.tableName).toThrow('TABLE_NAME');
  });

  it('removes the trailing slash of the public address', () => {
    vi.stubEnv('PUBLIC_URL', 'https://chat.example/');
    expect(config.publicUrl).toBe('https://chat.example');
  });
});
