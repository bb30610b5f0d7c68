import type { Bound } from './bounds.ts';
import type { Figures } from './figures.ts';

export function boundsOfSends(figures: Figures): readonly Bound[] {
  return [
    { name: 'write units', measured: figures.writeUnitsPerSend, atMost: 1.2 },
    { name: 'read units, warm', measured: figures.readUnitsPerSendWarm, atMost: 0.5 },
    { name: 'read units, cold conversation', measured: figures.readUnitsPerSendCold, atMost: 1.5 },
    { name: 'sequential AWS calls before ack', measured: figures.sequentialCallsBeforeAck, atMost: 1 },
    { name: '… cold conversation', measured: figures.sequentialCallsBeforeAckCold, atMost: 2 },
    { name: 'sequential AWS calls to delivery', measured: figures.sequentialCallsBeforeDelivery, atMost: 2 },
    { name: 'AWS calls', measured: figures.awsCallsPerSend, atMost: 4 },
  ];
}

export function boundsOfBundles(figures: Figures): readonly Bound[] {
  return [
    { name: 'hot bundle, gzip KiB', measured: figures.hotBundleGzipKiB, atMost: 80 },
    { name: 'hot bundle, time to load', measured: figures.hotInitOverSdkRatio, atMost: 0.7, unit: '×', timed: true },
  ];
}

/** One look-up finds the sockets of 100 users. The log is written once. */
export function boundsOfGroups(figures: Figures): readonly Bound[] {
  return figures.groups.flatMap((group) => [
    {
      name: `group of ${group.people}: look-ups`,
      measured: group.lookupsPerSend,
      atMost: Math.ceil((group.people - 1) / 100),
    },
    { name: `group of ${group.people}: write units`, measured: group.writeUnitsPerSend, atMost: 1.2 },
  ]);
}

export function boundsOfSearch({ indexingPerSend, search }: Figures): readonly Bound[] {
  return [
    { name: 'indexing: write units', measured: indexingPerSend.writeUnits, atMost: 1.2 },
    { name: 'indexing: read units', measured: indexingPerSend.readUnits, atMost: 1.2 },
    { name: 'search for a rare word: AWS calls', measured: search.rare.awsCalls, atMost: search.conversations + 10 },
    { name: '… for a frequent word', measured: search.frequent.awsCalls, atMost: search.conversations / 2 + 10 },
  ];
}

export function boundsOfReads({ inbox }: Figures): readonly Bound[] {
  return [
    { name: 'inbox: AWS calls', measured: inbox.awsCalls, atMost: 3 },
    { name: 'inbox: read units per conversation', measured: inbox.readUnits / inbox.conversations, atMost: 1.6 },
  ];
}

/** A page costs the same for every length of the queue. */
export function boundsOfDesk({ desk }: Figures): readonly Bound[] {
  const [short, long] = desk.pages;
  return [
    { name: 'accept a conversation: write units', measured: desk.accept.writeUnits, atMost: 16 },
    { name: '… sequential AWS calls', measured: desk.accept.sequentialCalls, atMost: 11 },
    { name: 'resolve it: write units', measured: desk.resolve.writeUnits, atMost: 16 },
    { name: '… sequential AWS calls', measured: desk.resolve.sequentialCalls, atMost: 10 },
    { name: 'page of a queue: AWS calls', measured: long?.awsCalls ?? NaN, atMost: short?.awsCalls ?? NaN },
    { name: '… read units', measured: long?.readUnits ?? NaN, atMost: short?.readUnits ?? NaN },
    { name: 'urgent message: sequential AWS calls to an agent', measured: desk.sequentialCallsToAlert, atMost: 3 },
  ];
}

/** Dollars a month, as stated in the deployment guide. */
export const silentDeviceDollars = 0.2;

export function boundsOfPresence({ silentDevice }: Figures): readonly Bound[] {
  return [
    { name: 'silent device: dollars a month', measured: silentDevice.dollarsPerMonth, atMost: silentDeviceDollars },
    { name: 'ping: write units', measured: silentDevice.ping.usage.writeUnits, atMost: 1 },
    { name: 'ping: frames', measured: silentDevice.ping.usage.socketMessages, atMost: 2 },
  ];
}

export function boundsOf(figures: Figures): readonly Bound[] {
  return [
    ...boundsOfSends(figures),
    ...boundsOfBundles(figures),
    ...boundsOfGroups(figures),
    ...boundsOfSearch(figures),
    ...boundsOfReads(figures),
    ...boundsOfDesk(figures),
    ...boundsOfPresence(figures),
  ];
}
