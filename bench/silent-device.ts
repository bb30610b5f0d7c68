import type { TestRun } from '../test/integration/harness.ts';
import { call, RawSocket } from '../test/integration/raw-client.ts';
import { accessTokenLife } from '../shared/features/identity/access-token.ts';
import { costPerMillion, type Usage } from './cost.ts';
import type { Person } from './people.ts';
import { standingPrices } from './prices.ts';
import { usageOf } from './usage.ts';

const minutesOfMonth = (365 / 12) * 24 * 60;
/** The assumed length of a line in an API's access log, which the local run does not write. */
const accessLogBytes = 450;

/** The usage of one automatic action of a device: a ping or a renewal. */
export interface StandingUsage {
  readonly usage: Usage;
  /** Measured logs of functions, and assumed access logs of the APIs. */
  readonly logBytes: number;
  readonly edgeRequests: number;
}

export interface SilentDevice {
  readonly pingEveryMinutes: number;
  /** A ping and its answer. */
  readonly ping: StandingUsage;
  /** A session refresh and a replaced socket, before the access token expires. */
  readonly renewal: StandingUsage;
}

/** Measures the usage of a connected device whose owner sends and receives nothing. */
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
  // The refresh, and the socket's handshake, greeting and end.
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

/** Dollars a month for an idle, always connected device. */
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
