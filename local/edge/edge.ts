import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { ApiRequest, ApiResponse } from '../api/exchange.ts';
import type { HttpApi } from '../api/http-api.ts';
import type { WebSocketApi } from '../api/websocket-api.ts';
import type { AccessDecision, Assembly } from '../contract.ts';

/** `sourceIp` of requests is the viewer's address. */
export interface Edge {
  handle(request: ApiRequest): Promise<ApiResponse>;
  upgrade(request: ApiRequest, incoming: IncomingMessage, socket: Duplex, head: Buffer): Promise<void>;
}

export interface EdgeParts {
  readonly assembly: Assembly;
  readonly httpApis: readonly HttpApi[];
  readonly socketApis: readonly WebSocketApi[];
  readonly mayService: (principal: string, action: string, resource: string, sourceArn?: string) => AccessDecision;
  readonly rewrite: (value: string) => string;
  readonly log: (line: string) => void;
}
