import { AsyncLocalStorage } from 'node:async_hooks';
import { subscribe } from 'node:diagnostics_channel';
import type { ClientRequest } from 'node:http';

/** On AWS, unawaited requests are lost or late. */
export class UnawaitedRequests {
  readonly #invocation = new AsyncLocalStorage<string>();
  readonly #underWay = new Map<object, string>();
  #current = '';
  #notices: string[] = [];

  constructor() {
    subscribe('http.client.request.created', (message) => {
      const { request } = message as { request: ClientRequest };
      this.#began(request, `${request.method} ${request.host}${request.path}`);
    });
    subscribe('http.client.response.finish', (message) => this.#over((message as { request: object }).request));
    subscribe('http.client.request.error', (message) => this.#over((message as { request: object }).request));
    subscribe('undici:request:create', (message) => {
      const { request } = message as { request: { method: string; origin: string; path: string } };
      this.#began(request, `${request.method} ${request.origin}${request.path}`);
    });
    subscribe('undici:request:headers', (message) => this.#over((message as { request: object }).request));
    subscribe('undici:request:error', (message) => this.#over((message as { request: object }).request));
  }

  /** Includes late requests. */
  during<Result>(invocationId: string, run: () => Promise<Result>): Promise<Result> {
    this.#current = invocationId;
    return this.#invocation.run(invocationId, run);
  }

  /** Call it after the answer. */
  take(): string[] {
    for (const description of this.#underWay.values()) {
      this.#notices.push(`${description} was still under way when the invocation returned. ${advice}`);
    }
    this.#underWay.clear();
    if (this.#notices.length === 0) return [];
    return this.#notices.splice(0);
  }

  #began(request: object, description: string): void {
    const invocation = this.#invocation.getStore();
    // Requests of the initialisation may continue.
    if (invocation === undefined) return;
    if (invocation === this.#current) this.#underWay.set(request, description);
    else this.#notices.push(`${description} was begun by the earlier invocation ${invocation}. ${advice}`);
  }

  #over(request: object): void {
    this.#underWay.delete(request);
  }
}

const advice = 'On AWS the environment is frozen at the response and such work may never be done: await it.';
