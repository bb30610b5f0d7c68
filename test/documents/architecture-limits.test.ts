import { describe, expect, it } from 'vitest';
import { throttlingOf } from '../../lib/api/throttling.ts';
import { arrivalMs, sendingMs } from '../../shared/features/attachments/attachment-item.ts';
import { longestName } from '../../shared/features/attachments/file-name-rules.ts';
import { mostParts } from '../../shared/features/attachments/formats/byte-rules.ts';
import { mostDrawnPixels, mostPixels } from '../../shared/features/attachments/formats/image-rules.ts';
import { mostInflated } from '../../shared/features/attachments/formats/zlib-rules.ts';
import { thumbnailSide } from '../../shared/features/attachments/thumbnail-rules.ts';
import {
  mostExaminations,
  mostPendingBytes,
  mostPendingFiles,
} from '../../shared/features/attachments/upload-limits.ts';
import { largestAttachment } from '../../shared/contract/schemas/attachment.ts';
import { resumeLimit } from '../../shared/contract/sync/hello.ts';
import { longestText } from '../../shared/contract/schemas/message.ts';
import { longestMark, mostPeopleForReceipts } from '../../shared/contract/schemas/receipt.ts';
import { mostMissed } from '../../shared/features/sync/first-missed.ts';
import { clockLeadMs, oldestRetryMs } from '../../shared/features/log/append.ts';
import { tailEntries, windowMs } from '../../shared/features/log/log-tail.ts';
import { typingIntervalMs } from '../../shared/features/receipts/typing-rules.ts';
import { largestFrame } from '../../shared/contract/sockets/frame-limit.ts';
import { leaseMs, mostWatchers } from '../../shared/core/delivery/presence-rules.ts';
import { useLimits } from '../../shared/features/identity/attempt-limits.ts';
import { accessTokenLife } from '../../shared/features/identity/access-token.ts';
import { refreshGraceMs } from '../../shared/features/identity/session-rules.ts';
import { standardSettings } from '../../shared/features/tenants/settings.ts';
import { mostTemplates, restorableMs } from '../../shared/features/templates/template-rules.ts';
import { MarkdownFile, sourceText, tableRows } from './markdown.ts';

const minute = 60_000;
const standardThrottling = throttlingOf({ region: 'eu-central-1', throttling: {} });
/** Unexported constants are read from the text. */
const values: Readonly<Record<string, string>> = {
  'log tail, at least': `${tailEntries} entries`,
  '… and at least': `${windowMs / minute} minutes`,
  'lead of a client’s clock': `${clockLeadMs / minute} minutes`,
  'age at which a message is still accepted': `${oldestRetryMs / (24 * 60 * minute)} days`,
  'text of a message, at most, for any tenant': `${longestText} characters`,
  'text of a message, by default': `${standardSettings.textLength} characters`,
  'messages of a sender in a conversation and minute': `${standardSettings.messagesPerMinute}`,
  'body of a request': `${constantOf('shared/transport/json-body.ts', 'largestBody') / 1024} KiB`,
  'people in a conversation with receipts and typing': `${mostPeopleForReceipts}`,
  'entries that an unread mark covers': `${longestMark} entries`,
  'typing is forwarded once in': `${typingIntervalMs / 1000} seconds`,
  frame: `${largestFrame / 1024} KiB`,
  'conversations in one `hello`': `${resumeLimit}`,
  'conversations in one `GET /sync`': `${constantOf('shared/contract/sync/catch-up.ts', 'conversationLimit')}`,
  'missed entries before a snapshot': `${mostMissed}`,
  'lease of a socket': `${leaseMs / minute} minutes`,
  'presence audience of a user': `${mostWatchers}`,
  'conversations that a user starts in a burst': `${useLimits.conversations.burst}`,
  'sockets of a user': `${constantOf('shared/core/delivery/connections.ts', 'connectionsPerUser')}`,
  'a socket must be replaced after': `${constantOf('shared/features/sockets/reconnect-due.ts', 'longestConnectionMs') / minute} minutes`,
  '… and before its access token expires': `${constantOf('shared/features/sockets/reconnect-due.ts', 'beforeExpiryMs') / 1000} seconds`,
  'search query': `${constantOf('shared/contract/search/search-messages.ts', 'longestQuery')} characters`,
  '… and': `${constantOf('shared/contract/search/search-messages.ts', 'mostWords')} words`,
  'conversations in one search': `${constantOf('shared/features/search/search-starts.ts', 'mostConversations')}`,
  'templates of a tenant, and global ones': `${mostTemplates}`,
  'time to restore a deleted template': `${restorableMs / (24 * 60 * minute)} days`,
  'file, by default': `${standardSettings.attachmentBytes} bytes`,
  'file, at most, for any tenant': `${largestAttachment / 1024 / 1024} MiB`,
  picture: `${mostPixels} pixels`,
  'pixels of all scans or frames of a picture': `${mostDrawnPixels} pixels`,
  'parts of a file, such as segments or chunks': `${mostParts}`,
  'an archive unpacks to': `${mostInflated / 1024 / 1024} MiB`,
  'name of a file': `${longestName} bytes`,
  'announced, uncompleted files of a user': `${mostPendingFiles}`,
  '… and their bytes': `${mostPendingBytes / 1024 / 1024} MiB`,
  'examinations of a file without a result': `${mostExaminations}`,
  thumbnail: `${thumbnailSide} pixels`,
  'time to upload an announced file': `${arrivalMs / minute} minutes`,
  'time to send a ready file': `${sendingMs / (60 * minute)} hours`,
  'access token': `${accessTokenLife / 60} minutes`,
  'grace period of a used refresh token': `${refreshGraceMs / 1000} seconds`,
  'HTTP requests a second, all callers together': `${standardThrottling.http.rate}`,
};

function constantOf(path: string, name: string): number {
  const product = new RegExp(`const ${name} = ([\\d_* ]+);`).exec(sourceText(path))?.[1];
  if (product === undefined) throw new Error(`${path} has no constant ${name}`);
  return product.split('*').reduce((result, factor) => result * Number(factor.replaceAll('_', '').trim()), 1);
}

describe('the table of limits', () => {
  const rows = tableRows(new MarkdownFile('docs/architecture.md').section('## Limits and figures')).map(
    ([limit = '', value = '', source = '']) => ({ limit: limit.replaceAll("'", '’'), value, source }),
  );

  it('contains the limits of the code', () => {
    expect(Object.fromEntries(rows.map(({ limit, value }) => [limit, value]))).toEqual(values);
  });

  it.each(rows.map(({ limit, source }) => [limit, source] as const))('names the source of “%s”', (_limit, source) => {
    const [, name = '', path = ''] = /^`(\w+)` in \[[^\]]+\]\(\.\.\/([^)]+)\)$/.exec(source) ?? [];
    expect(sourceText(path)).toContain(`const ${name} =`);
  });
});
