import type { AttachmentFigures } from './attachment.ts';
import { type Bound, holds } from './bounds.ts';
import {
  boundsOfBundles,
  boundsOfDesk,
  boundsOfGroups,
  boundsOfPresence,
  boundsOfReads,
  boundsOfSearch,
  boundsOfSends,
} from './bounds-of-figures.ts';
import { assumedDuration, type Cost } from './cost.ts';
import type { Figures } from './figures.ts';
import { type Charge, prices, pricesAt } from './prices.ts';
import { figure, printTable } from './report.ts';

export function print(figures: Figures): void {
  printBounds('One send, one to one, text of 200 bytes (counted)', boundsOfSends(figures));
  printTable('The same send, figures without a bound', [
    ['', 'measured'],
    ['read units, cold and busy conversation', figure(figures.readUnitsPerSendColdBusyConversation)],
    ['… cold environment', figure(figures.readUnitsPerSendColdEnvironment)],
    ['sequential AWS calls before ack, cold environment', figure(figures.sequentialCallsBeforeAckColdEnvironment)],
    ['whole system, including the projector: write units', figure(figures.wholeSystemPerSend.writeUnits)],
    ['… read units', figure(figures.wholeSystemPerSend.readUnits)],
    ['… AWS calls', figure(figures.wholeSystemPerSend.awsCalls)],
    ['of these, for the search index: write units', figure(figures.indexingPerSend.writeUnits)],
    ['… read units', figure(figures.indexingPerSend.readUnits)],
    ['… AWS calls', figure(figures.indexingPerSend.awsCalls)],
    ['… invocations', figure(figures.indexingPerSend.invocations)],
  ]);
  printBounds('Hot functions compared with a bundle of the same SDK clients', boundsOfBundles(figures));
  printBounds('One send into a group (counted)', boundsOfGroups(figures));
  printBounds('Search (counted)', boundsOfSearch(figures));
  printTable('One send into a group whose participants are all online (deliveries per second on this machine)', [
    ['people', 'deliveries', 'AWS calls', 'write units', 'read units', 'deliveries/s', '$ per million'],
    ...figures.groups.map((group) => [
      String(group.people),
      figure(group.deliveriesPerSend, 0),
      figure(group.awsCallsPerSend, 1),
      figure(group.writeUnitsPerSend),
      figure(group.readUnitsPerSend, 1),
      figure(group.deliveriesPerSecond, 0),
      figure(group.cost.dollarsPerMillion),
    ]),
  ]);
  const { inbox, catchUp, search, attachment } = figures;
  const searched = `in ${search.conversations} conversations of ${search.messagesEach} messages`;
  printTable('Reading (counted)', [
    ['', 'AWS calls', 'read units', 'frames', 'in 32 KB', 'KiB'],
    [`inbox of ${inbox.conversations} conversations`, String(inbox.awsCalls), figure(inbox.readUnits, 1), '', '', ''],
    [
      `catch-up of ${catchUp.messages} messages`,
      String(catchUp.awsCalls),
      figure(catchUp.readUnits, 1),
      String(catchUp.frames),
      String(catchUp.frameUnits),
      figure(catchUp.bytes / 1024, 0),
    ],
    [
      `search: 20 of many matches, ${searched}`,
      String(search.frequent.awsCalls),
      figure(search.frequent.readUnits, 1),
      '',
      '',
      '',
    ],
    [`search: the only match, ${searched}`, String(search.rare.awsCalls), figure(search.rare.readUnits, 1), '', '', ''],
  ]);
  printBounds('An inbox (counted)', boundsOfReads(figures));
  printBounds('A desk, warm (counted)', boundsOfDesk(figures));
  printBounds('An always connected, silent device (counted, at list prices)', boundsOfPresence(figures));
  printCosts(figures);
  printThroughput(figures);
  printTable('A file of 10 MiB, from its announcement to its download (times of this machine)', [
    ['', 'measured'],
    ['AWS calls of the function', figure(attachment.awsCalls)],
    ['write units', figure(attachment.writeUnits)],
    ['read units', figure(attachment.readUnits)],
    ['announce, upload, complete, download: ms', stepsOf(attachment)],
    ['total time compared with the transfers', `${figure(attachment.wholeOverTransfers)}×`],
  ]);
  printTable('Gzip KiB', [
    ['client for browsers', figure(figures.clientGzipKiB, 1)],
    ['client bundled from its sources, with schemas', figure(figures.clientWithSchemasGzipKiB, 1)],
    ...Object.entries(figures.bundles).map(([name, size]) => [`function ${name}`, figure(size, 1)]),
  ]);
}

function printBounds(title: string, bounds: readonly Bound[]): void {
  printTable(title, [
    ['', 'measured', 'at most', ''],
    ...bounds.map((bound) => [
      bound.name,
      figure(bound.measured) + (bound.unit ?? ''),
      String(bound.atMost) + (bound.unit ?? ''),
      holds(bound) ? 'holds' : bound.timed === true ? 'over, on this machine' : 'BROKEN',
    ]),
  ]);
}

function printCosts({ cost, groups }: Figures): void {
  const columns: readonly (readonly [string, Cost])[] = [
    ['one to one, online', cost.online],
    ['offline', cost.offline],
    ...groups.map((group) => [`group of ${group.people}`, group.cost] as const),
  ];
  const charges = (Object.keys(prices) as Charge[]).filter((charge) =>
    columns.some(([, { parts }]) => parts[charge] !== undefined),
  );
  const { ms, callsIncluded, msPerFurtherCall } = assumedDuration;
  printTable(
    `Dollars for a million messages, each in a separate stream batch: counted, at the list prices of ` +
      `${pricesAt.region} on ${pricesAt.date}. Assumed: ${ms} ms per invocation, ${msPerFurtherCall} ms per AWS call ` +
      `beyond ${callsIncluded}, prices with *. Not included: connection minutes, logs, storage, transfer`,
    [
      ['', ...columns.map(([name]) => name)],
      ...charges.map((charge) => [
        prices[charge].unit + ('assumed' in prices[charge] ? ' *' : ''),
        ...columns.map(([, { parts }]) => figure(parts[charge] ?? 0)),
      ]),
      ['total', ...columns.map(([, { dollarsPerMillion }]) => figure(dollarsPerMillion))],
    ],
  );
}

function stepsOf({ announceMs, uploadMs, completeMs, downloadMs }: AttachmentFigures): string {
  return [announceMs, uploadMs, completeMs, downloadMs].map((ms) => figure(ms, 0)).join(', ');
}

function printThroughput({ throughput }: Figures): void {
  if (throughput.length === 0) return;
  printTable('From one client’s send to the other’s receipt (times of this machine)', [
    ['conversations × in flight', 'messages/s', 'CPU ms', 'p50 ms', 'p99 ms', 'AWS calls', 'write units', 'read units'],
    ...throughput.map((row) => [
      `${row.conversations} × ${row.inFlight}`,
      figure(row.messagesPerSecond, 0),
      figure(row.cpuMsPerMessage, 1),
      figure(row.p50Ms, 1),
      figure(row.p99Ms, 1),
      figure(row.awsCalls),
      figure(row.writeUnits),
      figure(row.readUnits),
    ]),
  ]);
}
