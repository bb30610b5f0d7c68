import { ulid } from 'ulid';
import type { TestRun } from '../test/integration/harness.ts';
import { call } from '../test/integration/raw-client.ts';
import { type Cost, costPerMillion } from './cost.ts';
import { largestFrameOf, type Person, text200 } from './people.ts';
import { addMembers } from './synthetic-members.ts';
import { usageOf } from './usage.ts';

/** Per million messages. */
export async function costOfOfflineSends(test: TestRun, sender: Person, sends: number): Promise<Cost> {
  const [userId] = await addMembers(test, sender, [], 1);
  const started = await call(test.url, 'POST', '/api/v1/conversations', {
    token: sender.token,
    body: { kind: 'direct', userId },
  });
  const send = async (): Promise<void> => {
    const data = { conversationId: started.body.id, type: 'text', text: text200, clientMessageId: ulid() };
    const ack = await sender.socket.request('message.send', data, 30_000);
    if (ack.type !== 'ack') throw new Error(`The message was rejected: ${JSON.stringify(ack)}`);
    await test.run.settled();
  };
  await send();
  test.run.recorder.clear();
  for (let number = 0; number < sends; number += 1) await send();
  return costPerMillion(usageOf(test.run, largestFrameOf([sender])), sends);
}
