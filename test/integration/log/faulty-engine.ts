import { createServer, request as httpRequest, Agent } from 'node:http';
import type { AddressInfo } from 'node:net';

export type EngineFault = 'none' | 'lose-request' | 'lose-reply' | 'throttle';

export interface FaultyEngine {
  readonly url: string;
  readonly faults: Readonly<Record<EngineFault, number>>;
  stop(): Promise<void>;
}

/** A proxy that loses requests and replies on command. */
export async function startFaultyEngine(
  engine: { readonly host: string; readonly port: number },
  decide: (operation: string) => EngineFault,
): Promise<FaultyEngine> {
  const agent = new Agent({ keepAlive: true, maxSockets: 64 });
  const faults: Record<EngineFault, number> = { none: 0, 'lose-request': 0, 'lose-reply': 0, throttle: 0 };
  const server = createServer((incoming, outgoing) => {
    const fault = decide(String(incoming.headers['x-amz-target']).replace(/^.*\./, ''));
    faults[fault] += 1;
    if (fault === 'lose-request') {
      incoming.socket.destroy();
      return;
    }
    if (fault === 'throttle') {
      incoming.resume();
      const type = 'com.amazonaws.dynamodb.v20120810#ProvisionedThroughputExceededException';
      outgoing.writeHead(400, { 'content-type': 'application/x-amz-json-1.0' });
      outgoing.end(JSON.stringify({ __type: type, message: 'slow down' }));
      return;
    }
    const forwarded = httpRequest(
      { host: engine.host, port: engine.port, method: 'POST', path: '/', headers: incoming.headers, agent },
      (answer) => {
        if (fault === 'lose-reply') {
          answer.resume();
          answer.on('end', () => incoming.socket.destroy());
          return;
        }
        outgoing.writeHead(answer.statusCode ?? 500, answer.headers);
        answer.pipe(outgoing);
      },
    );
    forwarded.on('error', () => incoming.socket.destroy());
    incoming.pipe(forwarded);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    faults,
    stop: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
        agent.destroy();
      }),
  };
}
