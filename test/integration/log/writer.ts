import { parentPort, workerData } from 'node:worker_threads';
import type { Message } from '../../../shared/contract/schemas/message.ts';
import type { TenantKeys } from '../../../shared/encryption/data-keys.ts';
import { appendToLog } from '../../../shared/conversations/log/append-to-log.ts';
import { claimedTime } from '../../../shared/conversations/log/client-message-id.ts';
import { digestOf } from '../../../shared/conversations/log/log-content.ts';
import { LogStore } from '../../../shared/conversations/log/log-store.ts';
import type { LogWindow } from '../../../shared/conversations/log/log-window.ts';
import { messageOf } from '../../../shared/conversations/message-view.ts';
import { TenantScope } from '../../../shared/tenancy/tenant-scope.ts';

/** A function environment with a warm memory, writing to logs; the test ends it at any moment. */

export interface SendRequest {
  readonly call: number;
  readonly conversationId: string;
  readonly senderId: string;
  readonly clientMessageId: string;
  readonly text: string;
  /** Use a window from some time ago, as a function would that has not run for a while. */
  readonly stale: boolean;
}

export interface SendAnswer {
  readonly call: number;
  readonly outcome: string;
  readonly seq?: number;
  /** What goes to the people of the conversation. */
  readonly message?: Message;
}

const { tenantId, keys } = workerData as { tenantId: string; keys: TenantKeys };
const scope = TenantScope.fromEnvelope({ tenantId });
/** Bytes come into a thread as plain arrays. */
const bufferedKeys = { ...keys, encryption: Buffer.from(keys.encryption), digest: Buffer.from(keys.digest) };
const memory = new Map<string, LogWindow[]>();

async function send(request: SendRequest): Promise<SendAnswer> {
  const store = new LogStore(scope, request.conversationId);
  const windows = memory.get(request.conversationId) ?? [];
  const known = (request.stale ? windows[0] : windows.at(-1)) ?? (await store.readTail()).window;
  const content = { type: 'text', text: request.text } as const;
  const { outcome, window } = await appendToLog(
    {
      scope,
      conversationId: request.conversationId,
      store,
      keys: bufferedKeys,
    },
    known,
    {
      command: {
        kind: 'message',
        senderId: request.senderId,
        clientMessageId: request.clientMessageId,
        claimedAt: claimedTime(request.clientMessageId),
        digest: digestOf(keys, content),
        perMinute: null,
      },
      content,
      origin: undefined,
    },
  );
  memory.set(request.conversationId, [...windows, window].slice(-20));
  return 'entry' in outcome
    ? {
        call: request.call,
        outcome: outcome.kind,
        seq: outcome.entry.seq,
        message: messageOf(bufferedKeys, scope, request.conversationId, outcome.entry),
      }
    : { call: request.call, outcome: outcome.kind };
}

parentPort?.on('message', (request: SendRequest) => {
  send(request).then(
    (answer) => parentPort?.postMessage(answer),
    () => parentPort?.postMessage({ call: request.call, outcome: 'failed' } satisfies SendAnswer),
  );
});
