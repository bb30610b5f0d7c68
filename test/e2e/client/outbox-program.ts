import { writeSync } from 'node:fs';
import { NetworkError } from '../../../shared/client/network-error.ts';
import { fileOutbox } from '../../../shared/client/outbox-in-files.ts';
import type { SendAttempt } from '../../../shared/client/outbox-lane.ts';
import { Outbox } from '../../../shared/client/outbox.ts';
import { wordsOfTask } from '../../../shared/client/outgoing-task.ts';
import { createServerClock } from '../../../shared/client/server-clock.ts';
import type { Message } from '../../../shared/contract/schemas/message.ts';

/** Prints each kept message immediately, because the program can be killed at any time. */
const [folder = '', url = '', session = '', count = '0'] = process.argv.slice(2);

const attempt: SendAttempt = async ({ conversationId, clientMessageId, task }) => {
  const body = JSON.stringify({ conversationId, clientMessageId, text: wordsOfTask(task) });
  const response = await fetch(url, { method: 'POST', body }).catch((error: unknown) => {
    throw new NetworkError('unreachable', url, error);
  });
  return { ok: true, message: (await response.json()) as Message };
};

const storage = fileOutbox(folder);
await storage.open?.();
const outbox = new Outbox({
  attempt,
  storage,
  clock: createServerClock(),
  random: () => 0,
  onChange: () => undefined,
  onStored: () => undefined,
  onError: (error) => writeSync(1, `error ${error.message}\n`),
});
const outcomes = [];
for (let number = 1; number <= Number(count); number += 1) {
  const { kept, outcome } = outbox.send('c', `${session}.${number}`);
  await kept;
  writeSync(1, `kept ${session}.${number}\n`);
  outcomes.push(outcome);
}
await Promise.all(outcomes);
await outbox.close();
writeSync(1, 'done\n');
