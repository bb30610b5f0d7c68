import { BoundedMap } from '../../../core/runtime/bounded-map.ts';
import { type Failure, failureOf, jsonOf, type LimitScope, textAt, unexpected } from './answer-rules.ts';
import type { CallSystem, Outcome, SystemAnswer, SystemRequest } from './ticket-system.ts';

export type Credentials =
  | { readonly type: 'none' }
  | { readonly type: 'basic'; readonly username: string; readonly password: string }
  | { readonly type: 'bearer'; readonly token: string }
  | { readonly type: 'header'; readonly name: string; readonly value: string }
  | {
      readonly type: 'oauth';
      readonly tokenUrl: string;
      readonly clientId: string;
      readonly clientSecret: string;
      readonly scope?: string | undefined;
    };

export interface SessionOptions {
  readonly call: CallSystem;
  readonly credentials: Credentials;
  /** Distinguishes the tokens of integrations, and of their changed credentials. */
  readonly tokenKey: string;
  readonly limitScope: LimitScope;
  readonly now: () => number;
}

interface Token {
  readonly value: string;
  readonly until: number;
}

/** Of this execution environment. */
const tokens = new BoundedMap<Token>(200);
/** Ends a token early, because clocks differ and requests take time. */
const marginMs = 60_000;
const usualLifeSeconds = 600;

/** Requests to one system with its credentials. */
export class Session {
  readonly #options: SessionOptions;

  constructor(options: SessionOptions) {
    this.#options = options;
  }

  get now(): number {
    return this.#options.now();
  }

  /** Parses the JSON of the answer. */
  async read(request: Omit<SystemRequest, 'headers' | 'method'>): Promise<Outcome<unknown>> {
    return this.#request({ ...request, method: 'GET', headers: {} }, false);
  }

  async write(
    request: Omit<SystemRequest, 'headers' | 'body'> & {
      readonly json: unknown;
      readonly headers?: SystemRequest['headers'];
    },
  ): Promise<Outcome<unknown>> {
    const { json, headers = {}, ...rest } = request;
    const body = typeof json === 'string' ? json : JSON.stringify(json);
    return this.#request({ ...rest, body, headers: { 'content-type': 'application/json', ...headers } }, true);
  }

  async #request(request: SystemRequest, writes: boolean, isRepeated = false): Promise<Outcome<unknown>> {
    const { call, limitScope, credentials, tokenKey } = this.#options;
    const authorization = await this.#authorization();
    if (authorization.kind !== 'done') return authorization;
    const answer = await call({
      ...request,
      headers: {
        accept: 'application/json',
        'user-agent': 'Switchboard-Tickets/1',
        ...request.headers,
        ...authorization.value,
      },
    });
    const failure = failureOf(answer, { writes, limitScope, now: this.now });
    if (failure === undefined) return parsed(answer);
    // The system may have revoked the token. It has not carried out the request.
    const hadToken = credentials.type === 'oauth' && tokens.get(tokenKey) !== undefined;
    if (failure.reason === 'unauthorized' && hadToken && !isRepeated) {
      tokens.delete(tokenKey);
      return this.#request(request, writes, true);
    }
    return failure;
  }

  /** The header that proves the caller. */
  async #authorization(): Promise<Outcome<Readonly<Record<string, string>>>> {
    const { credentials } = this.#options;
    switch (credentials.type) {
      case 'none':
        return { kind: 'done', value: {} };
      case 'basic': {
        const pair = Buffer.from(`${credentials.username}:${credentials.password}`, 'utf8').toString('base64');
        return { kind: 'done', value: { authorization: `Basic ${pair}` } };
      }
      case 'bearer':
        return { kind: 'done', value: { authorization: `Bearer ${credentials.token}` } };
      case 'header':
        return { kind: 'done', value: { [credentials.name.toLowerCase()]: credentials.value } };
      case 'oauth': {
        const token = await this.#token(credentials);
        return typeof token === 'string' ? { kind: 'done', value: { authorization: `Bearer ${token}` } } : token;
      }
    }
  }

  /** Client credentials: https://datatracker.ietf.org/doc/html/rfc6749#section-4.4 */
  async #token(credentials: Extract<Credentials, { readonly type: 'oauth' }>): Promise<string | Failure> {
    const { call, tokenKey, limitScope } = this.#options;
    const known = tokens.get(tokenKey);
    if (known !== undefined && known.until > this.now) return known.value;
    const { tokenUrl, clientId, clientSecret, scope } = credentials;
    const form = new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: clientId,
      client_secret: clientSecret,
      ...(scope === undefined ? {} : { scope }),
    });
    const answer = await call({
      method: 'POST',
      url: tokenUrl,
      headers: { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' },
      body: form.toString(),
    });
    const failure = failureOf(answer, { writes: false, limitScope, now: this.now });
    // The token's address answers 400 to unknown clients: https://datatracker.ietf.org/doc/html/rfc6749#section-5.2
    if (failure?.kind === 'rejected') return { kind: 'later', reason: 'unauthorized', scope: 'system' };
    if (failure !== undefined) return failure;
    const json = answer.answered ? jsonOf(answer.body) : undefined;
    const value = textAt(json, 'access_token');
    if (value === undefined) return unexpected();
    const seconds = Number(textAt(json, 'expires_in') ?? usualLifeSeconds);
    const lifeMs = (Number.isFinite(seconds) ? seconds : usualLifeSeconds) * 1000;
    tokens.set(tokenKey, { value, until: this.now + Math.max(0, lifeMs - marginMs) });
    return value;
  }
}

function parsed(answer: SystemAnswer): Outcome<unknown> {
  if (!answer.answered || answer.body === '') return { kind: 'done', value: undefined };
  const value = jsonOf(answer.body);
  return value === undefined ? unexpected(answer.status) : { kind: 'done', value };
}

/** Passes failures on. */
export function withValue<From, To>(outcome: Outcome<From>, use: (value: From) => Outcome<To>): Outcome<To> {
  return outcome.kind === 'done' ? use(outcome.value) : outcome;
}
