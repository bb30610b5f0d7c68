import { WebSocket } from 'ws';
import { createHttpClient } from '../../../shared/client/http.ts';
import { getHealth } from '../../../shared/contract/health/get-health.ts';
import { getJwks } from '../../../shared/contract/identity/get-jwks.ts';
import { getOpenidConfiguration } from '../../../shared/contract/identity/get-openid-configuration.ts';
import { failed, type Finding, passed } from './check.ts';

const timeoutMs = 10_000;
/** Messages of clients may lead the server's clock by this much. */
const largestLeadMs = 2 * 60 * 1000;

/** Whether the service says that it works. */
export async function checkHealth(url: string): Promise<Finding> {
  const answer = await createHttpClient({ url, timeoutMs }).call(getHealth);
  if (answer.ok) {
    const checks = Object.entries(answer.body.checks).map(([name, state]) => `${name} ${state}`);
    return passed(checks.join(', '));
  }
  const { title, detail, status } = answer.problem;
  return failed(`${title} (${status}): ${detail}`, 'The logs of the function platform say why');
}

/** Whether others can verify the tokens of this deployment. */
export async function checkSigningKeys(url: string): Promise<Finding> {
  const client = createHttpClient({ url, timeoutMs });
  const [keys, issuer] = await Promise.all([client.call(getJwks), client.call(getOpenidConfiguration)]);
  if (!keys.ok || keys.body.keys.length === 0) {
    return failed('/.well-known/jwks.json has no key', 'The logs of the function platform say why: it asks KMS');
  }
  if (!issuer.ok) return failed('/.well-known/openid-configuration does not answer', 'Deploy the stack api again');
  const found = `${keys.body.keys.length} key${keys.body.keys.length === 1 ? '' : 's'}, issuer ${issuer.body.issuer}`;
  if (issuer.body.issuer === url) return passed(found);
  return failed(`${found}, which is not ${url}`, 'Deploy the stack api again: its PUBLIC_URL is another');
}

/** How far this machine's clock is from the server's. `Date` is told in seconds. */
export async function checkClock(url: string): Promise<Finding> {
  const sentAt = Date.now();
  const response = await fetch(url + getHealth.path, { signal: AbortSignal.timeout(timeoutMs) });
  const receivedAt = Date.now();
  const serverTime = Date.parse(response.headers.get('date') ?? '') + 500;
  if (Number.isNaN(serverTime)) return failed('the answer has no Date', 'Something stands between: reach it directly');
  const skewMs = (sentAt + receivedAt) / 2 - serverTime;
  const text = `${Math.abs(skewMs) < 1000 ? 'within a second' : `${Math.round(skewMs / 1000)} s apart`}`;
  if (Math.abs(skewMs) < largestLeadMs) return passed(text);
  return failed(text, 'Set this machine’s clock (NTP): messages with a time too far ahead are refused');
}

/** Whether WebSocket handshakes get through: one without credentials has to be refused by the authorizer. */
export async function checkSocket(socketUrl: string): Promise<Finding> {
  const fix = 'Proxies and firewalls must let WebSockets pass. Deployed: are the stacks edge and api of one version?';
  const outcome = await handshake(socketUrl);
  if (outcome === 401 || outcome === 403) return passed(`${socketUrl} asks for credentials`);
  if (outcome === 'open') return failed(`${socketUrl} lets in anybody`, 'Deploy the stack api again: its authorizer');
  return failed(`${socketUrl}: ${outcome}`, fix);
}

/** The status that refused the handshake; `open` if none did; why there was none. */
function handshake(url: string): Promise<number | string> {
  return new Promise((resolve) => {
    const socket = new WebSocket(url, { handshakeTimeout: timeoutMs });
    socket.on('unexpected-response', (request, response) => {
      resolve(response.statusCode ?? 0);
      request.destroy();
    });
    socket.on('open', () => {
      resolve('open');
      socket.terminate();
    });
    socket.on('error', (error) => resolve(error.message));
  });
}
