import { once } from 'node:events';
import { createServer } from 'node:net';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { SQSClient, ListQueuesCommand } from '@aws-sdk/client-sqs';
import { describe, expect, it } from 'vitest';
import { callLimits } from '../../shared/core/runtime/call-limits.ts';

describe('the limit of a call', () => {
  it('ends a call that gets no response', async () => {
    const silent = createServer(() => {}).listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const { port } = silent.address() as { readonly port: number };
    const client = new SQSClient({
      endpoint: `http://127.0.0.1:${port}`,
      region: 'eu-central-1',
      credentials: { accessKeyId: 'none', secretAccessKey: 'none' },
      maxAttempts: 1,
      requestHandler: { ...callLimits, requestTimeout: 100 },
    });
    await expect(client.send(new ListQueuesCommand())).rejects.toThrow('requestTimeout');
    silent.close();
  });

  it('applies to every client of the SDK', () => {
    const shared = join(import.meta.dirname, '../../shared');
    const clients = readdirSync(shared, { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
      .map((file) => ({ file, source: readFileSync(join(shared, file), 'utf8') }))
      .filter(({ source }) => /from '@aws-sdk\/client-/.test(source) && /new \w+Client\(/.test(source));
    expect(clients.length).toBeGreaterThanOrEqual(8);
    for (const { file, source } of clients) expect(source, file).toMatch(/(?:callLimits|slowCallLimits)\b.*\}/);
  });
});
