import { once } from 'node:events';
import { createServer } from 'node:http';
import type { IncomingMessage, Server } from 'node:http';
import { connect } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, describe, expect, it } from 'vitest';
import { readPostsByHand } from '../endpoint/post-connections.ts';
import type { Answer } from '../endpoint/post-connections.ts';

const running: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const stop of running.splice(0)) await stop();
});

const echo: Answer = ({ url = '' }, body) => {
  const content = `${url} ${body.toString()}`;
  return Promise.resolve({ status: 200, headers: { 'content-length': String(content.length) }, body: content });
};

async function startServer(answer: Answer = echo): Promise<number> {
  const byNode = async (message: IncomingMessage): Promise<string> => `node: ${message.method} ${await text(message)}`;
  const server: Server = createServer((message, response) => void byNode(message).then((body) => response.end(body)));
  const closePosts = readPostsByHand(server, answer);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  running.push(async () => {
    server.closeAllConnections();
    closePosts();
    server.close();
    await once(server, 'close');
  });
  return (server.address() as AddressInfo).port;
}

interface Client {
  readonly socket: Socket;
  readonly receives: (part: string) => Promise<string>;
  readonly ends: () => Promise<string>;
}

function open(port: number): Client {
  const socket = connect({ port, host: '127.0.0.1' });
  let received = '';
  let changed = Promise.withResolvers<void>();
  socket.on('data', (chunk: Buffer) => {
    received += chunk.toString();
    changed.resolve();
    changed = Promise.withResolvers();
  });
  const ended = once(socket, 'close');
  return {
    socket,
    receives: async (part) => {
      while (!received.includes(part)) await changed.promise;
      return received;
    },
    ends: async () => {
      await ended;
      return received;
    },
  };
}

const post = (path: string, body: string, more = ''): string =>
  `POST ${path} HTTP/1.1\r\nHost: here\r\n${more}Content-Length: ${body.length}\r\n\r\n${body}`;

describe('the reader of plain posts', () => {
  it('answers several requests of one connection, one after the other', async () => {
    const { socket, receives } = open(await startServer());
    socket.write(post('/one', 'first'));
    await receives('/one first');
    socket.write(post('/two', 'second'));
    expect(await receives('/two second')).toContain('Keep-Alive: timeout=120');
  });

  it('reads a request that arrives byte by byte', async () => {
    const { socket, receives } = open(await startServer());
    socket.setNoDelay(true);
    for (const byte of post('/slow', 'body')) {
      socket.write(byte);
      await new Promise(setImmediate);
    }
    expect(await receives('/slow body')).toContain('HTTP/1.1 200');
  });

  it('answers requests that arrive together in their order', async () => {
    const slowFirst: Answer = async (request, body) => {
      if (request.url === '/one') await new Promise((resume) => setTimeout(resume, 20));
      return echo(request, body);
    };
    const { socket, receives } = open(await startServer(slowFirst));
    socket.write(post('/one', 'a') + post('/two', 'b') + post('/three', 'c'));
    const received = await receives('/three c');
    expect(received.match(/\/(one|two|three) \w/g)).toEqual(['/one a', '/two b', '/three c']);
  });

  it('breaks the connection when there is no answer', async () => {
    const { socket, ends } = open(await startServer(() => Promise.resolve(undefined)));
    socket.write(post('/', 'lost'));
    expect(await ends()).toBe('');
  });

  it('answers a client that has closed its side', async () => {
    const { socket, ends } = open(await startServer());
    socket.end(post('/last', 'word'));
    expect(await ends()).toContain('/last word');
  });

  it('does not fail when its client disconnects before the answer', async () => {
    const begun = Promise.withResolvers<void>();
    const going = Promise.withResolvers<void>();
    const port = await startServer(async (request, body) => {
      begun.resolve();
      await going.promise;
      return echo(request, body);
    });
    const { socket } = open(port);
    socket.write(post('/', 'gone'));
    await begun.promise;
    socket.destroy();
    await once(socket, 'close');
    going.resolve();
    const next = open(port);
    next.socket.write(post('/next', ''));
    expect(await next.receives('/next ')).toContain('HTTP/1.1 200');
  });
});

describe('another request', () => {
  const chunked = 'POST / HTTP/1.1\r\nHost: here\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nfour\r\n0\r\n\r\n';
  const others: readonly (readonly [string, string, string])[] = [
    ['a GET', 'GET / HTTP/1.1\r\nHost: here\r\n\r\n', 'node: GET '],
    ['a PUT', 'PUT / HTTP/1.1\r\nHost: here\r\nContent-Length: 4\r\n\r\nfour', 'node: PUT four'],
    ['a chunked body', chunked, 'node: POST four'],
    ['Expect', post('/', 'four', 'Expect: 100-continue\r\n'), 'node: POST four'],
    ['Connection: close', post('/', 'four', 'Connection: close\r\n'), 'node: POST four'],
    ['a repeated header', post('/', 'four', 'X-Id: 1\r\nX-Id: 2\r\n'), 'node: POST four'],
    ['a body of 2 MiB', post('/', 'x'.repeat(2 * 1024 * 1024)), 'node: POST xxx'],
  ];

  it.each(others)('is passed to node:http: %s', async (_name, request, answer) => {
    const { socket, receives } = open(await startServer());
    socket.write(request);
    expect(await receives(answer)).toContain('HTTP/1.1 200');
  });

  it('is passed to node:http, even after posts of the same connection', async () => {
    const { socket, receives } = open(await startServer());
    socket.write(post('/first', 'post'));
    await receives('/first post');
    socket.write(chunked);
    await receives('node: POST four');
    socket.write(post('/', 'again'));
    await receives('node: POST again');
  });

  const malformed: readonly (readonly [string, string])[] = [
    ['text that is not HTTP', 'hello\r\n\r\n'],
    ['two lengths', 'POST / HTTP/1.1\r\nHost: here\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab'],
    ['a length with a sign', 'POST / HTTP/1.1\r\nHost: here\r\nContent-Length: +4\r\n\r\nfour'],
    [
      'a length and chunks',
      'POST / HTTP/1.1\r\nHost: here\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
    ],
    ['a header without a name', 'POST / HTTP/1.1\r\nHost: here\r\n: value\r\nContent-Length: 0\r\n\r\n'],
    ['a space before the colon', 'POST / HTTP/1.1\r\nHost : here\r\nContent-Length: 0\r\n\r\n'],
    ['a control character in a header', 'POST / HTTP/1.1\r\nHost: here\r\nX-Id: a\u0001b\r\nContent-Length: 0\r\n\r\n'],
    ['a line feed alone in a header', 'POST / HTTP/1.1\r\nHost: here\r\nX-Id: a\nb\r\nContent-Length: 0\r\n\r\n'],
    ['no host', 'POST / HTTP/1.1\r\nContent-Length: 0\r\n\r\n'],
    [
      'a head of 20 KiB',
      `POST / HTTP/1.1\r\nHost: here\r\nX-Long: ${'x'.repeat(20 * 1024)}\r\nContent-Length: 0\r\n\r\n`,
    ],
    ['a head without an end', `POST / HTTP/1.1\r\nX-Long: ${'x'.repeat(20 * 1024)}`],
  ];

  it.each(malformed)('is rejected if it is malformed: %s', async (_name, request) => {
    const { socket, ends } = open(await startServer());
    socket.write(request);
    expect(await ends()).toMatch(/^HTTP\/1\.1 4(00|31) /);
  });
});
