import { ulid } from 'ulid';
import type { TestRun } from '../test/integration/harness.ts';
import { call } from '../test/integration/raw-client.ts';
import { type Cost, costPerMillion } from './cost.ts';
import { largestFrameOf, type Person, text200 } from './people.ts';
import { addMembers } from './synthetic-members.ts';
import { usageOf } from './usage.ts';

export interface GroupFigures {
  readonly people: number;
  readonly sends: number;
  /** Excludes the sender's acknowledgement. */
  readonly deliveriesPerSend: number;
  readonly awsCallsPerSend: number;
  readonly lookupsPerSend: number;
  readonly writeUnitsPerSend: number;
  readonly readUnitsPerSend: number;
  readonly deliveriesPerSecond: number;
  readonly cost: Cost;
}

export async function measureGroup(
  test: TestRun,
  sender: Person,
  carriers: readonly Person[],
  people: number,
  sends: number,
): Promise<GroupFigures> {
  const members = await addMembers(test, sender, carriers, people - 1);
  const created = await call(test.url, 'POST', '/api/v1/conversations', {
    token: sender.token,
    body: { kind: 'group', name: 'Bench', participants: members.map((userId) => ({ userId })) },
  });
  if (created.status !== 201) throw new Error(`The group was not created: ${created.text}`);
  const conversationId = created.body.id as string;
  const send = (): Promise<number> => sendToAll(sender, carriers, conversationId, members.length);
  await send();
  await test.run.settled();
  test.run.recorder.clear();
  let ms = 0;
  for (let number = 0; number < sends; number += 1) {
    ms += await send();
    await test.run.settled();
  }
  const calls = test.run.recorder.calls().filter(({ functionName }) => functionName.endsWith('-socket-message'));
  const perSend = (valueOf: (awsCall: (typeof calls)[number]) => number): number =>
    calls.reduce((total, awsCall) => total + valueOf(awsCall), 0) / sends;
  const posts = perSend(({ operation, status }) => (operation === 'PostToConnection' && status < 300 ? 1 : 0));
  return {
    people,
    sends,
    deliveriesPerSend: posts - 1,
    awsCallsPerSend: calls.length / sends,
    lookupsPerSend: perSend(({ operation }) => (operation === 'BatchGetItem' ? 1 : 0)),
    writeUnitsPerSend: perSend(({ writeUnits }) => writeUnits),
    readUnitsPerSend: perSend(({ readUnits }) => readUnits),
    deliveriesPerSecond: (sends * (posts - 1)) / (ms / 1000),
    cost: costPerMillion(usageOf(test.run, largestFrameOf([sender, ...carriers])), sends),
  };
}

/** Milliseconds until all deliveries. */
async function sendToAll(
  sender: Person,
  carriers: readonly Person[],
  conversationId: string,
  recipients: number,
): Promise<number> {
  const clientMessageId = ulid();
  let arrived = 0;
  const startedAt = performance.now();
  const all = Promise.withResolvers<number>();
  const tooLate = setTimeout(() => all.reject(new Error(`${arrived} of ${recipients} deliveries arrived`)), 60_000);
  const listen = (bytes: Buffer): void => {
    // Parsing 500 frames would distort the time.
    if (!bytes.includes(clientMessageId)) return;
    arrived += 1;
    if (arrived === recipients) all.resolve(performance.now() - startedAt);
  };
  for (const { socket } of carriers) socket.socket.on('message', listen);
  try {
    const data = { conversationId, type: 'text', text: text200, clientMessageId };
    const [ack, ms] = await Promise.all([sender.socket.request('message.send', data, 60_000), all.promise]);
    if (ack.type !== 'ack') throw new Error(`The message was rejected: ${JSON.stringify(ack)}`);
    return ms;
  } finally {
    clearTimeout(tooLate);
    for (const { socket } of carriers) socket.socket.off('message', listen);
  }
}
