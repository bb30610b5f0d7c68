import { callLimits } from '../runtime/call-limits.ts';
import { now } from '../runtime/clock.ts';
import { config } from '../runtime/config.ts';
import type { AwsOperation, OperationRequest } from './aws-operation.ts';
import { endpointOf, parsedEndpoint } from './endpoint.ts';
import { type CallLimits, exchange, type HttpAnswer } from './http-exchange.ts';
import { maxAttempts, retryDelayMs, retryKind } from './retry-rules.ts';
import { serviceErrorOf } from './service-error.ts';
import { type Credentials, signedHeaders } from './signature.ts';

export interface ClientSettings {
  /** Called for each operation, so cache them. The function's own if absent. */
  readonly credentials?: () => Promise<Credentials>;
  /** Called for each attempt. The service's endpoint in the function's region if absent. */
  readonly endpoint?: () => string;
  readonly limits?: CallLimits;
  /** Called with each error of an operation, after its last attempt. */
  readonly onError?: (error: unknown) => void;
}

/** The only way to AWS besides the SDK, for the calls of every message. All clients share their connections. */
export class AwsClient {
  readonly #settings: ClientSettings;

  constructor(settings: ClientSettings = {}) {
    this.#settings = settings;
  }

  /**
   * Makes at most {@link maxAttempts} attempts, so an operation may run twice.
   *
   * @throws ServiceError that the service answered; otherwise the error of the last attempt's connection, or that of the
   *   credentials, which are not repeated.
   */
  async send<Output>(operation: AwsOperation<Output>): Promise<Output> {
    const credentials = (await this.#settings.credentials?.()) ?? config.ownCredentials;
    for (let attempt = 1; ; attempt += 1) {
      try {
        const answer = await this.#attempt(operation, credentials);
        if (answer.status >= 200 && answer.status < 300) return operation.read(answer.body);
        throw serviceErrorOf(`${operation.service} ${operation.name}`, answer);
      } catch (error) {
        const kind = retryKind(error);
        if (kind === undefined || attempt === maxAttempts) {
          this.#settings.onError?.(error);
          throw error;
        }
        await new Promise((resolve) => setTimeout(resolve, retryDelayMs(kind, attempt, Math.random())));
      }
    }
  }

  #attempt({ service, request }: AwsOperation<unknown>, credentials: Credentials): Promise<HttpAnswer> {
    const { endpoint: ownEndpoint, limits = callLimits } = this.#settings;
    const endpoint = ownEndpoint === undefined ? endpointOf(service) : parsedEndpoint(ownEndpoint());
    const { method, body } = request;
    const path = endpoint.path + request.path;
    const headers = signedHeaders(
      { method, path, body, headers: { host: endpoint.host, ...request.headers } },
      { region: config.region, service, credentials, at: now() },
    );
    return exchange(endpoint, { method, path, headers: sentHeaders(request, headers), body }, limits);
  }
}

/** Lambda recognises loops by the trace. Its header is not signed, because proxies may change it. */
function sentHeaders({ body }: OperationRequest, signed: Record<string, string>): Record<string, string> {
  signed['content-length'] = String(typeof body === 'string' ? Buffer.byteLength(body) : body.length);
  const traceId = config.traceId;
  if (traceId !== undefined) signed['x-amzn-trace-id'] = traceId;
  return signed;
}
