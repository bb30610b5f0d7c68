import type { TestRun } from '../test/integration/harness.ts';
import { call, RawSocket } from '../test/integration/raw-client.ts';
import { accessTokenLife } from '../shared/features/identity/access-token.ts';
import { costPerMillion, type Usage } from './cost.ts';
import type { Person } from './people.ts';
import { standingPrices } from './prices.ts';
import { usageOf } from './usage.ts';

const minutesOfMonth = (365 / 12) * 24 * 60;
/** Assumed bytes of an access log line, which the local run does not write. */
const accessLogBytes = 450;

export interface StandingUsage {
  readonly usage: Usage;
  readonly logBytes: number;
  readonly edgeRequests: number;
}

export interface SilentDevice {
  readonly pingEveryMinutes: number;
  readonly ping: StandingUsage;
  readonly renewal: StandingUsage;
}

export async function measureSilentDevice({ run }: TestRun, person: Person): Promise<SilentDevice> {
  let { socket, refreshToken } = person;
  const welcome = await socket.request('hello', {});
  const count = async (act: () => Promise<void>, accessLogLines: number, edgeRequests: number) => {
    await act();
    await run.settled();
    run.recorder.clear();
    await act();
    await run.settled();
    const written = run.recorder.invocations().flatMap(({ logs }) => logs);
    const logBytes = written.reduce((total, line) => total + Buffer.byteLength(line), accessLogLines * accessLogBytes);
    return { usage: usageOf(run, 1), logBytes, edgeRequests };
  };
  const ping = await count(async () => void (await socket.request('ping', {})), 1, 0);
  const renewal = await count(
    async () => {
      const { body } = await call(run.url, 'POST', '/api/v1/auth/refresh', { body: { refreshToken } });
      refreshToken = body.refreshToken as string;
      const next = await new RawSocket(run.socketUrl, ['switchboard', `bearer.${body.accessToken}`]).opened();
      await next.request('hello', {});
      await socket.close();
      socket = next;
    },
    4,
    2,
  );
  return { pingEveryMinutes: (welcome.data.limits.pingEveryMs as number) / 60_000, ping, renewal };
}

/** Dollars a month. */
export function silentDeviceCost({ pingEveryMinutes, ping, renewal }: SilentDevice): number {
  const renewEveryMinutes = accessTokenLife / 60 - 1;
  return (
    (minutesOfMonth / pingEveryMinutes) * costOnce(ping) +
    (minutesOfMonth / renewEveryMinutes) * costOnce(renewal) +
    (minutesOfMonth * standingPrices.connectionMinutes.perMillion) / 1e6
  );
}

function costOnce({ usage, logBytes, edgeRequests }: StandingUsage): number {
  return (
    (costPerMillion(usage, 1).dollarsPerMillion +
      logBytes * standingPrices.logBytes.perMillion +
      edgeRequests * standingPrices.edgeRequests.perMillion) /
    1e6
  );
}
