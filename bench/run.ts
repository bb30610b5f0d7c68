import { startTestRun } from '../test/integration/harness.ts';
import { type AttachmentFigures, measureAttachment } from './attachment.ts';
import { measureBundles } from './bundles.ts';
import { countColdSends } from './cold-sends.ts';
import { countSends, unitsOfAll } from './counts.ts';
import { connectPeople, startConversation } from './people.ts';
import { figure, printTable } from './report.ts';
import { measureThroughput } from './throughput.ts';

const help = `npm run bench [-- --json] [-- --messages N]

Measures sends on the local run of the real template: counts of AWS calls and capacity units as the local run saw them,
sizes and load times of the bundles, and messages per second from one client's send to the other's receipt.
Counts hold anywhere. Times are of this machine, where the table's engine, all functions and the clients share its
processors: compare them within one run only.

  --json         one JSON object on standard output
  --messages N   messages for each throughput figure (1000)`;

const warmSends = 50;
/** Conversations and messages in flight in each. */
const loads = [
  [1, 1],
  [8, 1],
  [16, 4],
] as const;

async function bench(messages: number) {
  const progress = (line: string): void => console.error(line);
  progress('Measuring bundles');
  const bundles = await measureBundles();
  progress('Starting the system');
  // While counting, every call takes long enough for calls that are made together to overlap: a chain is then a chain.
  let slow = false;
  const test = await startTestRun({ faults: { onCall: () => (slow ? { kind: 'delay', ms: 10 } : undefined) } });
  try {
    const people = await connectPeople(test.run, test.operate, 20);
    const [one, other, ...others] = people;
    if (one === undefined || other === undefined) throw new Error('Too few people');

    progress('Counting sends');
    slow = true;
    const conversationId = await startConversation(test.run, one, other);
    await countSends(test.run, one, other, conversationId, 5);
    const warm = await countSends(test.run, one, other, conversationId, warmSends);
    const whole = unitsOfAll(test.run);
    const cold = await countColdSends(test.run, one, others);

    slow = false;

    const throughput = [];
    for (const [conversations, inFlight] of loads) {
      progress(`Sending ${messages} messages: ${conversations} conversations, ${inFlight} in flight in each`);
      throughput.push(await measureThroughput(test.run, people, conversations, inFlight, messages));
    }
    progress('Sending a file of 10 MiB all its way');
    await measureAttachment(test, one, conversationId);
    const attachment = await measureAttachment(test, one, conversationId);
    return {
      writeUnitsPerSend: warm.writeUnits,
      readUnitsPerSendWarm: warm.readUnits,
      readUnitsPerSendCold: cold.coldConversation.readUnits,
      readUnitsPerSendColdBusyConversation: cold.coldBusyConversation.readUnits,
      readUnitsPerSendColdEnvironment: cold.coldEnvironment.readUnits,
      sequentialCallsBeforeAck: warm.sequentialBeforeAck,
      sequentialCallsBeforeAckCold: cold.coldConversation.sequentialBeforeAck,
      sequentialCallsBeforeAckColdEnvironment: cold.coldEnvironment.sequentialBeforeAck,
      sequentialCallsBeforeDelivery: warm.sequentialBeforeDelivery,
      awsCallsPerSend: warm.awsCalls,
      wholeSystemPerSend: {
        writeUnits: whole.writeUnits / warmSends,
        readUnits: whole.readUnits / warmSends,
        awsCalls: whole.calls / warmSends,
      },
      hotBundleGzipOverSdkKiB: bundles.hotBundleGzipOverSdkKiB,
      hotInitOverSdkRatio: bundles.hotInitOverSdkRatio,
      bundles: bundles.bundles,
      throughput,
      attachment,
    };
  } finally {
    await test.stop();
  }
}

type Figures = Awaited<ReturnType<typeof bench>>;

function print(figures: Figures): void {
  printTable('One send, one to one, text of 200 bytes (counted)', [
    ['', 'measured', 'holds'],
    ['write units', figure(figures.writeUnitsPerSend), '≤ 1.2'],
    ['read units, warm', figure(figures.readUnitsPerSendWarm), '≤ 0.5'],
    ['read units, cold conversation', figure(figures.readUnitsPerSendCold), '≤ 1.5'],
    ['… cold and busy conversation', figure(figures.readUnitsPerSendColdBusyConversation), ''],
    ['… cold environment', figure(figures.readUnitsPerSendColdEnvironment), ''],
    ['sequential AWS calls before ack', figure(figures.sequentialCallsBeforeAck), '1'],
    ['… cold conversation', figure(figures.sequentialCallsBeforeAckCold), '2'],
    ['… cold environment', figure(figures.sequentialCallsBeforeAckColdEnvironment), ''],
    ['sequential AWS calls to delivery', figure(figures.sequentialCallsBeforeDelivery), '2'],
    ['AWS calls', figure(figures.awsCallsPerSend), '≤ 4'],
    ['whole system, projector included: write units', figure(figures.wholeSystemPerSend.writeUnits), ''],
    ['… read units', figure(figures.wholeSystemPerSend.readUnits), ''],
    ['… AWS calls', figure(figures.wholeSystemPerSend.awsCalls), ''],
  ]);
  printTable('Hot functions against a bundle of the same SDK clients alone', [
    ['', 'measured', 'holds'],
    ['gzip KiB more', figure(figures.hotBundleGzipOverSdkKiB, 1), '≤ 35'],
    ['time to load', `${figure(figures.hotInitOverSdkRatio)}×`, '≤ 1.3×'],
  ]);
  printTable('From one client’s send to the other’s receipt (times of this machine)', [
    ['conversations × in flight', 'messages/s', 'p50 ms', 'p99 ms', 'AWS calls', 'write units', 'read units'],
    ...figures.throughput.map((row) => [
      `${row.conversations} × ${row.inFlight}`,
      figure(row.messagesPerSecond, 0),
      figure(row.p50Ms, 1),
      figure(row.p99Ms, 1),
      figure(row.awsCalls),
      figure(row.writeUnits),
      figure(row.readUnits),
    ]),
  ]);
  const { attachment } = figures;
  printTable('A file of 10 MiB, from its announcement to its bytes at a reader (times of this machine)', [
    ['', 'measured'],
    ['AWS calls of the function', figure(attachment.awsCalls)],
    ['write units', figure(attachment.writeUnits)],
    ['read units', figure(attachment.readUnits)],
    ['announce, upload, complete, load: ms', stepsOf(attachment)],
    ['time of all over the transfers alone', `${figure(attachment.wholeOverTransfers)}×`],
  ]);
  printTable(
    'Functions, gzip KiB',
    Object.entries(figures.bundles).map(([name, size]) => [name, figure(size, 1)]),
  );
}

function stepsOf({ announceMs, uploadMs, completeMs, downloadMs }: AttachmentFigures): string {
  return [announceMs, uploadMs, completeMs, downloadMs].map((ms) => figure(ms, 0)).join(', ');
}

const parameters = process.argv.slice(2);
if (parameters.includes('--help')) {
  console.log(help);
} else {
  const given = parameters.indexOf('--messages');
  const messages = given === -1 ? 1000 : Number(parameters[given + 1]);
  if (!Number.isInteger(messages) || messages < 100) {
    console.error('--messages must be a whole number from 100');
    process.exit(2);
  }
  const figures = await bench(messages);
  if (parameters.includes('--json')) console.log(JSON.stringify(figures, null, 2));
  else print(figures);
}
