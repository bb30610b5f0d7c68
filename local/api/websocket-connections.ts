import { randomBytes } from 'node:crypto';
import type { WebSocket } from 'ws';
import type { ConnectionIdentity } from './websocket-payload.ts';

/**
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-execution-service-websocket-limits-table.html
 */
export interface ConnectionLimits {
  readonly idleMs: number;
  readonly lifetimeMs: number;
  /** AWS does not publish its limit. */
  readonly clientBufferBytes: number;
  /** For the whole account. */
  readonly newConnectionsPerSecond: number;
}

export const defaultConnectionLimits: ConnectionLimits = {
  idleMs: 10 * 60_000,
  lifetimeMs: 2 * 3_600_000,
  clientBufferBytes: 1024 * 1024,
  newConnectionsPerSecond: 500,
};

export interface Connection extends ConnectionIdentity {
  readonly socket: WebSocket;
  lastActiveAt: number;
}

export class OpenConnections {
  readonly #limits: ConnectionLimits;
  readonly #now: () => number;
  readonly #byId = new Map<string, Connection>();

  constructor(limits: ConnectionLimits, now: () => number) {
    this.#limits = limits;
    this.#now = now;
  }

  /** 11 bytes as 16 characters, the last of which is `=`. */
  static newId(): string {
    return `${randomBytes(11).toString('base64url')}=`;
  }

  static isId(text: string): boolean {
    return /^[A-Za-z0-9_-]{15}=$/.test(text);
  }

  add(connection: Connection): void {
    this.#byId.set(connection.connectionId, connection);
  }

  get(connectionId: string): Connection | undefined {
    return this.#byId.get(connectionId);
  }

  /** False if already removed. */
  remove(connectionId: string): boolean {
    return this.#byId.delete(connectionId);
  }

  all(): Connection[] {
    return [...this.#byId.values()];
  }

  sweep(): void {
    const now = this.#now();
    for (const connection of this.#byId.values()) {
      const idle = now - connection.lastActiveAt >= this.#limits.idleMs;
      if (idle || now - connection.connectedAt >= this.#limits.lifetimeMs) connection.socket.close(1001, 'Going away');
    }
  }
}
