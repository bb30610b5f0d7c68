import { startTestRun } from '../test/integration/harness.ts';
import { measureAttachment } from './attachment.ts';
import { measureBundles } from './bundles.ts';
import { countColdSends } from './cold-sends.ts';
import { costPerMillion } from './cost.ts';
import { countSends, unitsOfAll } from './counts.ts';
import { measureDesk } from './desk.ts';
import { measureGroup } from './group.ts';
import { costOfOfflineSends } from './offline.ts';
import { connectPeople, largestFrameOf, startConversation } from './people.ts';
import { measureCatchUp, measureInbox } from './reads.ts';
import { indexingPerSend, measureSearch } from './search.ts';
import { measureSilentDevice, silentDeviceCost } from './silent-device.ts';
import { measureThroughput } from './throughput.ts';
import { usageOf } from './usage.ts';

export interface Sizes {
  readonly sends: number;
  /** Of each throughput figure. 0 measures no throughput. */
  readonly messages: number;
  readonly groups: readonly { readonly people: number; readonly sends: number }[];
  readonly inbox: number;
  readonly catchUp: number;
  readonly desk: number;
  readonly search: { readonly conversations: number; readonly messagesEach: number };
}

/** Conversations, and messages in flight in each. */
const loads = [
  [1, 1],
  [8, 1],
  [16, 4],
] as const;

export async function measure(sizes: Sizes, progress: (line: string) => void) {
  progress('Measuring bundles');
  const bundles = await measureBundles();
  progress('Starting the system');
  // Slow calls make parallel calls overlap.
  let slow = false;
  const test = await startTestRun({
    pace: { streamDelayMs: 250 },
    faults: { onCall: () => (slow ? { kind: 'delay', ms: 10 } : undefined) },
  });
  try {
    const people = await connectPeople(test.run, test.provision, 20);
    const [sender, recipient, ...others] = people;
    if (sender === undefined || recipient === undefined) throw new Error('Too few people');

    progress('Counting sends');
    slow = true;
    const conversationId = await startConversation(test.run, sender, recipient);
    await countSends(test.run, sender, recipient, conversationId, 5);
    const warm = await countSends(test.run, sender, recipient, conversationId, sizes.sends);
    const whole = unitsOfAll(test.run);
    const indexing = indexingPerSend(test, sizes.sends);
    const online = costPerMillion(usageOf(test.run, largestFrameOf([sender, recipient])), sizes.sends);
    const cold = await countColdSends(test.run, sender, others);
    slow = false;
    const offline = await costOfOfflineSends(test, sender, sizes.sends);

    const groups = [];
    for (const group of sizes.groups) {
      progress(`Sending ${group.sends} messages to a group of ${group.people}`);
      groups.push(await measureGroup(test, sender, others, group.people, group.sends));
    }

    const throughput = [];
    for (const [conversations, inFlight] of sizes.messages === 0 ? [] : loads) {
      progress(`Sending ${sizes.messages} messages: ${conversations} conversations, ${inFlight} in flight in each`);
      throughput.push(await measureThroughput(test, people, conversations, inFlight, sizes.messages));
    }
    progress(`Catching up with ${sizes.catchUp} messages`);
    const catchUp = await measureCatchUp(test, { sender, person: recipient }, conversationId, sizes.catchUp);
    progress(`Listing ${sizes.inbox} conversations`);
    const lister = others.at(-1);
    if (lister === undefined) throw new Error('Too few people');
    const inbox = await measureInbox(test, lister, sizes.inbox);
    progress(`Searching ${sizes.search.conversations} conversations`);
    const searcher = others.at(-2);
    if (searcher === undefined) throw new Error('Too few people');
    const search = await measureSearch(test, searcher, sizes.search.conversations, sizes.search.messagesEach);
    progress(`Working at a desk of ${sizes.desk} conversations`);
    slow = true;
    const desk = await measureDesk(test, sizes.desk);
    slow = false;
    progress('Uploading and downloading a file of 10 MiB');
    await measureAttachment(test, sender, conversationId);
    const attachment = await measureAttachment(test, sender, conversationId);
    // Last, because it closes the socket of a group participant.
    progress('Counting a silent device');
    const silent = others.at(-3);
    if (silent === undefined) throw new Error('Too few people');
    const silentDevice = await measureSilentDevice(test, silent);
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
        writeUnits: whole.writeUnits / sizes.sends,
        readUnits: whole.readUnits / sizes.sends,
        awsCalls: whole.calls / sizes.sends,
      },
      indexingPerSend: indexing,
      hotBundleGzipKiB: bundles.hotBundleGzipKiB,
      hotInitOverSdkRatio: bundles.hotInitOverSdkRatio,
      clientGzipKiB: bundles.clientGzipKiB,
      clientWithSchemasGzipKiB: bundles.clientWithSchemasGzipKiB,
      bundles: bundles.bundles,
      throughput,
      groups,
      inbox,
      catchUp,
      search,
      desk,
      attachment,
      silentDevice: { ...silentDevice, dollarsPerMonth: silentDeviceCost(silentDevice) },
      cost: { online, offline },
    };
  } finally {
    await test.stop();
  }
}

export type Figures = Awaited<ReturnType<typeof measure>>;
