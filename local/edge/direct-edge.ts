import { gatewayMessage } from '../api/exchange.ts';
import { refuseUpgrade } from '../api/handshake-refusal.ts';
import type { Edge, EdgeParts } from './edge.ts';
import { directSocketPath } from './socket-path.ts';

/** The first HTTP API at `/`, the first WebSocket API at `/ws`. */
export function directEdge({ httpApis, socketApis }: EdgeParts): Edge {
  const [httpApi] = httpApis;
  const [socketApi] = socketApis;
  return {
    handle: async (request) => (httpApi === undefined ? gatewayMessage(404, 'Not Found') : httpApi.handle(request)),
    upgrade: async (request, incoming, socket, head) => {
      if (socketApi === undefined || request.path !== directSocketPath) {
        refuseUpgrade(socket, { status: 403, message: 'Forbidden' });
        return;
      }
      await socketApi.upgrade({ ...request, path: `/${socketApi.stage}` }, incoming, socket, head);
    },
  };
}
