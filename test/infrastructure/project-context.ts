import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../..');

export const projectContext = (
  JSON.parse(readFileSync(join(root, 'cdk.json'), 'utf8')) as {
    context: Record<string, unknown> & { stages: Record<string, Record<string, unknown>> };
  }
).context;

/** Omits `restoredTable`, which disables a part of the templates. */
export const everySetting = {
  domain: {
    name: 'chat.example.org',
    certificateArn: 'arn:aws:acm:us-east-1:111122223333:certificate/12345678-aaaa-bbbb-cccc-1234567890ab',
    includeSubdomains: true,
    hostedZone: { id: 'Z0123456789ABCDEFGHIJ', name: 'example.org' },
  },
  eventArchiveDays: 30,
  signingKeys: [2, 1],
  alarmEmail: 'operations@example.org',
  reservedConcurrency: { auth: 20 },
  allowedOrigins: ['https://app.example.org'],
  webAcl: { authRequestsPerMinute: 300, requestsPerMinute: 3000, blockBadReputation: true },
  throttling: {
    http: { rate: 1000, burst: 2000 },
    auth: { rate: 300, burst: 600 },
    socket: { rate: 3000, burst: 4000 },
  },
  apiGatewayQuota: { rate: 20_000, burst: 5000 },
  webAclArn: 'arn:aws:wafv2:us-east-1:111122223333:global/webacl/chat/12345678-aaaa-bbbb-cccc-1234567890ab',
};
