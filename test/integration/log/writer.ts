import { parentPort, workerData } from 'node:worker_threads';
import type { TenantKeys } from '../../../shared/core/encryption/data-keys.ts';
import { appendToLog } from '../../../shared/features/log/append-to-log.ts';
import { claimedTime } from '../../../shared/features/log/client-message-id.ts';
import { type EntryContent, entryKinds, messageKind } from '../../../shared/features/log/entry-kinds.ts';
import { digestOf } from '../../../shared/features/log/log-content.ts';
import { readEntry, readTail } from '../../../shared/features/log/log-store.ts';
import type { LogTail } from '../../../shared/features/log/log-tail.ts';
import { eventOf } from '../../../shared/features/timeline/entry-events.ts';
import type { EventEnvelope } from '../../../shared/contract/events/server-events.ts';
import { TenantScope } from '../../../shared/core/tenancy/tenant-scope.ts';
import { type Change, ChangeWriter, contentOfChange } from './change-writer.ts';

// A warm function environment. The test may kill it at any moment.

export interface SendRequest {
  readonly call: number;
  readonly conversationId: string;
  readonly senderId: string;
  readonly clientMessageId: string;
  readonly text: string;
  readonly change?: Change;
  /** True uses an old tail. */
  readonly stale: boolean;
}

export interface SendAnswer {
  readonly call: number;
  readonly outcome: string;
  readonly seq?: number;
  readonly event?: EventEnvelope;
}

const { tenantId, keys } = workerData as { tenantId: string; keys: TenantKeys };
const scope = TenantScope.fromEnvelope({ tenantId });
const memory = new Map<string, LogTail[]>();

async function send(request: SendRequest): Promise<SendAnswer> {
  const { conversationId, senderId, clientMessageId, change } = request;
  const owner = { scope, conversationId, keys };
  const tails = memory.get(conversationId) ?? [];
  const cached = (request.stale ? tails[0] : tails.at(-1)) ?? (await readTail(owner)).tail;
  const content: EntryContent =
    change === undefined ? { type: 'text', text: request.text } : contentOfChange(change, request.text);
  const changing = change && new ChangeWriter(owner, senderId, change, content);
  const { outcome, tail } = await appendToLog<string>(owner, cached, {
    command: {
      kind: entryKinds.find(({ name }) => name === change?.kind) ?? messageKind,
      senderId,
      clientMessageId,
      claimedAt: claimedTime(clientMessageId),
      digest: digestOf(keys, content),
      perMinute: null,
      ...(change === undefined ? {} : { target: change.target }),
    },
    content,
    origin: undefined,
    ...(changing === undefined ? {} : { precondition: () => changing.precondition() }),
  });
  memory.set(conversationId, [...tails, tail].slice(-20));
  if (outcome.kind === 'stopped') return { call: request.call, outcome: outcome.reason };
  if (!('entry' in outcome)) return { call: request.call, outcome: outcome.kind };
  // A cached original may lack later changes.
  const isNew = outcome.kind === 'written';
  const entry = isNew ? outcome.entry : ((await readEntry(owner, outcome.entry.seq)) ?? outcome.entry);
  const changed = await changing?.changed(entry, isNew);
  const event = eventOf(owner, entry, changed);
  return { call: request.call, outcome: outcome.kind, seq: entry.seq, event };
}

parentPort?.on('message', (request: SendRequest) => {
  send(request).then(
    (answer) => parentPort?.postMessage(answer),
    () => parentPort?.postMessage({ call: request.call, outcome: 'failed' } satisfies SendAnswer),
  );
});
