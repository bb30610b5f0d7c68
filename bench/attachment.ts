import { randomBytes } from 'node:crypto';
import { joined } from '../shared/features/attachments/formats/byte-rules.ts';
import { wavHead } from '../shared/features/attachments/formats/sound-builders.ts';
import { complete, announce, get, upload } from '../test/integration/attachments/upload.ts';
import type { TestRun } from '../test/integration/harness.ts';
import type { Person } from './people.ts';

export interface AttachmentFigures {
  readonly bytes: number;
  readonly awsCalls: number;
  readonly readUnits: number;
  readonly writeUnits: number;
  /** Comparable only within one run. */
  readonly announceMs: number;
  readonly uploadMs: number;
  readonly completeMs: number;
  readonly downloadMs: number;
  readonly wholeOverTransfers: number;
}

const size = 10 * 1024 * 1024;

export async function measureAttachment(
  test: TestRun,
  person: Person,
  conversationId: string,
): Promise<AttachmentFigures> {
  const summary = wavHead(size - 44);
  const bytes = new Uint8Array(joined([summary, randomBytes(size - summary.length)]));
  const file = { name: 'ten.wav', contentType: 'audio/wav', bytes };
  await test.run.settled();
  test.run.recorder.clear();
  const announced = await timed(() => announce(test, person, conversationId, file));
  const sent = await timed(() => upload(announced.result.body.upload, bytes));
  const completed = await timed(() => complete(test, person, announced.result.body.id));
  const loaded = await timed(async () => {
    const { body } = await get(test, person, announced.result.body.id);
    return (await (await fetch(body.url)).arrayBuffer()).byteLength;
  });
  if (sent.result.status !== 204 || completed.result.status !== 200 || loaded.result !== size) {
    throw new Error(`The upload or download failed: ${sent.result.text} ${completed.result.text}`);
  }
  const calls = test.run.recorder.calls().filter((call) => call.functionName.endsWith('-attachments'));
  const ms = { announceMs: announced.ms, uploadMs: sent.ms, completeMs: completed.ms, downloadMs: loaded.ms };
  const total = ms.announceMs + ms.uploadMs + ms.completeMs + ms.downloadMs;
  return {
    bytes: size,
    awsCalls: calls.length,
    readUnits: calls.reduce((sum, call) => sum + call.readUnits, 0),
    writeUnits: calls.reduce((sum, call) => sum + call.writeUnits, 0),
    ...ms,
    wholeOverTransfers: total / (ms.uploadMs + ms.downloadMs),
  };
}

async function timed<Result>(action: () => Promise<Result>): Promise<{ readonly result: Result; readonly ms: number }> {
  const startedAt = performance.now();
  const result = await action();
  return { result, ms: performance.now() - startedAt };
}
