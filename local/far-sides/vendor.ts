import { createHmac } from 'node:crypto';

/** A request to the server of a vendor. */
export interface VendorRequest {
  readonly method: string;
  /** With the query. */
  readonly path: string;
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export type VendorAnswer =
  | {
      readonly kind: 'answer';
      readonly status: number;
      readonly headers?: Readonly<Record<string, string>>;
      readonly body?: string;
      readonly delayMs?: number;
    }
  /** Closes the connection without an answer. */
  | { readonly kind: 'reset' };

/** How a vendor misbehaves. */
export type Trouble =
  | { readonly kind: 'status'; readonly status: number; readonly headers?: Readonly<Record<string, string>> }
  /** Carries out the request, and closes the connection before it answers. */
  | { readonly kind: 'lost-answer' }
  /** Closes the connection before it carries out the request. */
  | { readonly kind: 'down' }
  | { readonly kind: 'slow'; readonly delayMs: number };

/** Undefined: behave as usual. */
export type TroublePlan = (request: VendorRequest) => Trouble | undefined;

/** A message that a vendor sends to a subscriber. */
export interface Hook {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface Subscription {
  readonly url: string;
  readonly secret: string;
}

export interface VendorOptions {
  readonly now?: () => number;
  /** Receives the messages of the vendor. By default, `fetch` sends them. */
  readonly send?: (hook: Hook) => void;
}

/** The parts that vendors share: troubles, a record of requests, and messages to subscribers. */
export class VendorServer {
  readonly now: () => number;
  readonly requests: VendorRequest[] = [];
  readonly #send: (hook: Hook) => void;
  #plan: TroublePlan = () => undefined;
  subscription: Subscription | undefined;

  constructor({ now = Date.now, send = sendByFetch }: VendorOptions) {
    this.now = now;
    this.#send = send;
  }

  /** Applies to all requests until the next call. */
  trouble(plan: TroublePlan | undefined): void {
    this.#plan = plan ?? (() => undefined);
  }

  handle(request: VendorRequest, carryOut: (request: VendorRequest) => VendorAnswer): VendorAnswer {
    this.requests.push(request);
    const trouble = this.#plan(request);
    switch (trouble?.kind) {
      case undefined:
        return carryOut(request);
      case 'down':
        return { kind: 'reset' };
      case 'status':
        return json(trouble.status, { error: { message: 'Trouble' } }, trouble.headers);
      case 'lost-answer':
        carryOut(request);
        return { kind: 'reset' };
      case 'slow': {
        const answer = carryOut(request);
        return answer.kind === 'answer' ? { ...answer, delayMs: trouble.delayMs } : answer;
      }
    }
  }

  announce(headers: Readonly<Record<string, string>>, event: object): void {
    if (this.subscription === undefined) return;
    const { url, secret } = this.subscription;
    const body = JSON.stringify(event);
    this.#send({
      url,
      body,
      headers: { 'content-type': 'application/json', ...headers, ...signed(headers, secret, body) },
    });
  }
}

/** Jira signs with a secret. ServiceNow sends a token that its administrator put into the script. */
function signed(headers: Readonly<Record<string, string>>, secret: string, body: string) {
  if ('x-switchboard-token' in headers) return { 'x-switchboard-token': secret };
  return { 'x-hub-signature': `sha256=${createHmac('sha256', secret).update(body).digest('hex')}` };
}

function sendByFetch({ url, headers, body }: Hook): void {
  fetch(url, { method: 'POST', headers, body }).catch(() => undefined);
}

export function json(status: number, body: unknown, headers: Readonly<Record<string, string>> = {}): VendorAnswer {
  return {
    kind: 'answer',
    status,
    headers: { 'content-type': 'application/json', ...headers },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  };
}

export function parsedBody(body: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : undefined;
  } catch {
    return undefined;
  }
}

export function textOfBody(body: Readonly<Record<string, unknown>>, name: string): string {
  const value = body[name];
  return typeof value === 'string' ? value : '';
}
