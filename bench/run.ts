import { brokenBounds } from './bounds.ts';
import { boundsOf } from './bounds-of-figures.ts';
import { measure, type Sizes } from './figures.ts';
import { print } from './print.ts';

const help = `npm run bench [-- --full] [-- --json] [-- --messages N]

Measures on the local run of the real template: AWS calls and capacity units of sends (one to one, to groups), of an inbox,
of catching up and of a search, as the local run saw them; what a million messages cost by those counts; sizes and load times of the
bundles; and messages per second from one client's send to the other's receipt.
Counts hold anywhere. Times are of this machine, where the table's engine, all functions and the clients share its
processors: compare them within one run only. Ends with 1 if a count is above its bound; times have no say in that.

  --full         catch up with 1000 messages, and more sends to a group of 500
  --json         one JSON object on standard output
  --messages N   messages for each throughput figure (1000)`;

const quick = {
  sends: 30,
  groups: [
    { people: 50, sends: 5 },
    { people: 500, sends: 2 },
  ],
  inbox: 50,
  catchUp: 250,
  search: { conversations: 50, messagesEach: 20 },
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
} satisfies Omit<Sizes, 'messages'>;

const parameters = process.argv.slice(2);
if (parameters.includes('--help')) {
  console.log(help);
} else {
  const given = parameters.indexOf('--messages');
  const messages = given === -1 ? 1000 : Number(parameters[given + 1]);
  const sizes = { ...(parameters.includes('--full') ? full : quick), messages };
  if (!Number.isInteger(messages) || messages < sizes.catchUp) {
    console.error(`--messages must be a whole number from ${sizes.catchUp}`);
    process.exit(2);
  }
  const figures = await measure(sizes, (line) => console.error(line));
  if (parameters.includes('--json')) console.log(JSON.stringify(figures, null, 2));
  else print(figures);
  for (const { name, measured, atMost } of brokenBounds(boundsOf(figures))) {
    console.error(`Does not hold: ${name} is ${measured.toFixed(2)}, at most ${atMost}`);
    process.exitCode = 1;
  }
}
