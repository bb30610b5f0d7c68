import { WebSocket } from 'ws';
import { createHttpClient } from '../../../shared/client/http.ts';
import { getHealth } from '../../../shared/contract/health/get-health.ts';
import { getJwks } from '../../../shared/contract/identity/get-jwks.ts';
import { getOpenidConfiguration } from '../../../shared/contract/identity/get-openid-configuration.ts';
import { failed, type Finding, passed } from './check.ts';

const timeoutMs = 10_000;
/** The server rejects messages further ahead of its clock. */
const largestLeadMs = 2 * 60 * 1000;

export async function checkHealth(url: string): Promise<Finding> {
  const answer = await createHttpClient({ url, timeoutMs }).call(getHealth);
  if (answer.ok) {
    const checks = Object.entries(answer.body.checks).map(([name, state]) => `${name} ${state}`);
    return passed(checks.join(', '));
  }
  const { title, detail, status } = answer.problem;
  return failed(`${title} (${status}): ${detail}`, 'Read the log of the function platform');
}

export async function checkSigningKeys(url: string): Promise<Finding> {
  const client = createHttpClient({ url, timeoutMs });
  const [keys, issuer] = await Promise.all([client.call(getJwks), client.call(getOpenidConfiguration)]);
  if (!keys.ok || keys.body.keys.length === 0) {
    return failed('/.well-known/jwks.json has no key', 'Read the log of the function health: it gets the key from KMS');
  }
  if (!issuer.ok) return failed('/.well-known/openid-configuration does not answer', 'Deploy the stack api again');
  const summary = `${keys.body.keys.length} key${keys.body.keys.length === 1 ? '' : 's'}, issuer ${issuer.body.issuer}`;
  if (issuer.body.issuer === url) return passed(summary);
  return failed(`${summary}, which is not ${url}`, 'Deploy the stack api again: its PUBLIC_URL differs');
}

/** Compares with the server's header `Date`, whose resolution is a second. */
export async function checkClock(url: string): Promise<Finding> {
  const sentAt = Date.now();
  const response = await fetch(url + getHealth.path, { signal: AbortSignal.timeout(timeoutMs) });
  const receivedAt = Date.now();
  const serverTime = Date.parse(response.headers.get('date') ?? '') + 500;
  if (Number.isNaN(serverTime)) return failed('the answer has no Date', 'A proxy removed it: connect directly');
  const skewMs = (sentAt + receivedAt) / 2 - serverTime;
  const text = `${Math.abs(skewMs) < 1000 ? 'within a second' : `${Math.round(skewMs / 1000)} s apart`}`;
  if (Math.abs(skewMs) < largestLeadMs) return passed(text);
  return failed(text, 'Set this machine’s clock (NTP), because the server rejects messages with a time too far ahead');
}

/** The authorizer must reject a handshake without credentials. */
export async function checkSocket(socketUrl: string): Promise<Finding> {
  const fix = 'Allow WebSockets in proxies and firewalls. In AWS, deploy the stacks edge and api in the same version';
  const outcome = await handshake(socketUrl);
  if (outcome === 401 || outcome === 403) return passed(`${socketUrl} requires credentials`);
  if (outcome === 'open')
    return failed(
      `${socketUrl} accepts connections without credentials`,
      'Deploy the stack api again: its authorizer is missing',
    );
  return failed(`${socketUrl}: ${outcome}`, fix);
}

/** Returns the rejection's status, `open`, or the error if no answer came. */
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
