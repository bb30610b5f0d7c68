import type { AwsCall } from '../local/contract.ts';
import { deskOf } from '../test/integration/desk/desk-people.ts';
import { succeed } from '../test/integration/desk/desk-calls.ts';
import type { TestRun } from '../test/integration/harness.ts';
import { RawSocket } from '../test/integration/raw-client.ts';
import { longestChain } from './counts.ts';
import { readBy, type ReadFigures } from './reads.ts';

export interface DeskFigures {
  readonly accept: WorkFigures;
  readonly resolve: WorkFigures;
  readonly pages: readonly (ReadFigures & { readonly conversations: number })[];
  /** To the first frame that an available agent receives. */
  readonly sequentialCallsToAlert: number;
}

export interface WorkFigures {
  readonly writeUnits: number;
  readonly readUnits: number;
  readonly awsCalls: number;
  readonly sequentialCalls: number;
}

const pageSize = 20;
/** Fewer than the limit of new conversations a minute. */
const conversationsEach = 10;
const repetitions = 8;

/** Starts `conversations` conversations. The agents take none by themselves. */
export async function measureDesk(test: TestRun, conversations: number): Promise<DeskFigures> {
  const desk = await deskOf(test, 'bench-desk', { autoAssign: 'off' });
  const agent = await desk.agent('accepts');
  let customer = desk.customer;
  const pages = [];
  const ids: string[] = [];
  for (let started = 1; started <= conversations; started += 1) {
    if (started % conversationsEach === 0) customer = await desk.person(`customer-${started}`);
    ids.push(await desk.start(customer, { subject: `Number ${started}` }));
    if (started === pageSize || started === conversations) {
      const read = async () => {
        const { items } = await succeed(test, agent, 'GET', `/conversations?view=unassigned&limit=${pageSize}`);
        if (items.length !== pageSize) throw new Error(`A page has ${items.length} of ${pageSize} conversations`);
      };
      await counted(test, read);
      await counted(test, read);
      pages.push({ conversations: started, ...readBy(test, 'conversations') });
    }
  }
  const [first = '', ...others] = ids;
  const accept = (id: string) => succeed(test, agent, 'POST', `/conversations/${id}/assign`, { agentId: 'me' });
  const resolve = (id: string) => succeed(test, agent, 'POST', `/conversations/${id}/resolve`);
  // Fills the environment's caches.
  await accept(first);
  await resolve(first);
  const accepted: WorkFigures[] = [];
  const resolved: WorkFigures[] = [];
  for (const id of others.slice(0, repetitions)) {
    accepted.push(await work(test, () => accept(id)));
    resolved.push(await work(test, () => resolve(id)));
  }
  const socket = await new RawSocket(test.run.socketUrl, ['switchboard', `bearer.${agent.token}`]).opened();
  await socket.request('hello', {});
  const waiting = await desk.start(customer, { subject: 'In danger' });
  await desk.say(customer, waiting, 'I am at home');
  await counted(test, async () => {
    await desk.say(customer, waiting, 'They are at the door', { urgent: true });
    await socket.frame((frame) => frame.type === 'urgent.raised' && frame.conversationId === waiting, 30_000);
  });
  const sequentialCallsToAlert = untilFirstPost(test.run.recorder.calls());
  await socket.close();
  return { accept: shortest(accepted), resolve: shortest(resolved), pages, sequentialCallsToAlert };
}

/** Calls that are made at once may happen to run one after the other. */
function shortest(all: readonly WorkFigures[]): WorkFigures {
  return all.reduce((least, one) => (one.sequentialCalls < least.sequentialCalls ? one : least));
}

/** Leaves in the recorder what `act` caused. */
async function counted(test: TestRun, act: () => Promise<unknown>): Promise<void> {
  await test.run.settled();
  test.run.recorder.clear();
  await act();
  await test.run.settled();
}

/** The calls of the function that answers. */
async function work(test: TestRun, act: () => Promise<unknown>): Promise<WorkFigures> {
  await counted(test, act);
  const calls = test.run.recorder.calls().filter(({ functionName }) => functionName.endsWith('-desk'));
  const sum = (units: (call: AwsCall) => number) => calls.reduce((total, call) => total + units(call), 0);
  return {
    writeUnits: sum((call) => call.writeUnits),
    readUnits: sum((call) => call.readUnits),
    awsCalls: calls.length,
    sequentialCalls: longestChain(calls),
  };
}

function untilFirstPost(calls: readonly AwsCall[]): number {
  const posts = calls.filter(({ operation }) => operation === 'PostToConnection');
  const firstAt = Math.min(...posts.map(({ startedAt }) => startedAt));
  return longestChain(calls.filter(({ endedAt }) => endedAt <= firstAt)) + 1;
}
