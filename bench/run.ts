import { brokenBounds } from './bounds.ts';
import { boundsOf } from './bounds-of-figures.ts';
import { measure, type Sizes } from './figures.ts';
import { print } from './print.ts';

const help = `npm run bench [-- --full] [-- --json] [-- --counts | --messages N]

Runs the real template locally and measures:
  AWS calls and capacity units of sends, of an inbox, of catching up, of a search, and of a desk's work
  the cost of a million messages, from these counts
  sizes and load times of the bundles
  messages per second, from one client's send to the other's receipt

Counts are the same on every machine. Times are comparable only within one run, because the database engine, all
functions and the clients share the processors. The exit code is 1 if a count exceeds its bound. Times do not affect it.

  --full         catch up with 1000 messages, send more messages to a group of 500, and fill a desk with 500 conversations
  --json         print a JSON object
  --messages N   messages per throughput figure (default: 1000)
  --counts       measure no throughput, which no bound depends on`;

const quick = {
  sends: 30,
  groups: [
    { people: 50, sends: 5 },
    { people: 500, sends: 2 },
  ],
  inbox: 50,
  catchUp: 250,
  search: { conversations: 50, messagesEach: 20 },
  desk: 60,
} satisfies Omit<Sizes, 'messages'>;

const full = {
  sends: 50,
  groups: [
    { people: 50, sends: 20 },
    { people: 500, sends: 10 },
  ],
  inbox: 50,
  catchUp: 1000,
  search: { conversations: 50, messagesEach: 20 },
  desk: 500,
} satisfies Omit<Sizes, 'messages'>;

const parameters = process.argv.slice(2);
if (parameters.includes('--help')) {
  console.log(help);
} else {
  const given = parameters.indexOf('--messages');
  const countsOnly = parameters.includes('--counts');
  const messages = countsOnly ? 0 : given === -1 ? 1000 : Number(parameters[given + 1]);
  const sizes = { ...(parameters.includes('--full') ? full : quick), messages };
  if (!countsOnly && (!Number.isInteger(messages) || messages < sizes.catchUp)) {
    console.error(`--messages must be a whole number, at least ${sizes.catchUp}`);
    process.exit(2);
  }
  const figures = await measure(sizes, (line) => console.error(line));
  if (parameters.includes('--json')) console.log(JSON.stringify(figures, null, 2));
  else print(figures);
  for (const { name, measured, atMost } of brokenBounds(boundsOf(figures))) {
    console.error(`Bound exceeded: ${name} is ${measured.toFixed(2)}, at most ${atMost}`);
    process.exitCode = 1;
  }
}
