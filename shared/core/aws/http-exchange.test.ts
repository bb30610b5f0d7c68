import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { Worker } from 'node:worker_threads';
import { afterEach, expect, it } from 'vitest';
import { parsedEndpoint } from './endpoint.ts';
import { exchange } from './http-exchange.ts';

const request = { method: 'POST', path: '/', headers: { host: 'a.example' }, body: '{}' };
const limits = { connectionTimeout: 100, requestTimeout: 100 };
const open: { close(): unknown }[] = [];
afterEach(async () => {
  for (const resource of open.splice(0)) await resource.close();
});

async function listen(onConnection: (socket: Socket) => void): Promise<number> {
  const server: Server = createServer(onConnection).listen(0, '127.0.0.1');
  open.push(server);
  await once(server, 'listening');
  server.on('connection', (socket) => {
    socket.on('error', () => undefined);
    open.unshift({ close: () => socket.destroy() });
  });
  return (server.address() as AddressInfo).port;
}

const callTo = (port: number, protocol = 'http', own = limits) =>
  exchange(parsedEndpoint(`${protocol}://127.0.0.1:${port}`), request, own);

it('ends a call that gets no answer', async () => {
  const port = await listen(() => undefined);
  await expect(callTo(port)).rejects.toMatchObject({ name: 'TimeoutError', message: 'No answer within 100 ms' });
});

it('ends a call whose answer stops in the middle', async () => {
  const port = await listen((socket) => socket.write('HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n{"a"'));
  await expect(callTo(port)).rejects.toMatchObject({ name: 'TimeoutError' });
});

it('closes the connection of a call that it ended', async () => {
  const sockets: Socket[] = [];
  const port = await listen((socket) => sockets.push(socket.resume()));
  await expect(callTo(port)).rejects.toThrow();
  const [socket] = sockets;
  if (socket?.closed === false) await once(socket, 'close');
  expect(sockets).toHaveLength(1);
});

it('reports a connection that breaks in the middle of the answer', async () => {
  const port = await listen((socket) => {
    socket.write('HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n{"a"', () => socket.destroy());
  });
  await expect(callTo(port, 'http', { ...limits, requestTimeout: 5000 })).rejects.toMatchObject({ code: 'ECONNRESET' });
});

it('reports a connection that breaks before the answer', async () => {
  const port = await listen((socket) => socket.once('data', () => socket.destroy()));
  await expect(callTo(port, 'http', { ...limits, requestTimeout: 5000 })).rejects.toMatchObject({ code: 'ECONNRESET' });
});

it('ends a call to a server that never encrypts the connection', async () => {
  const port = await listen(() => undefined);
  const call = callTo(port, 'https', { connectionTimeout: 100, requestTimeout: 5000 });
  await expect(call).rejects.toMatchObject({ name: 'TimeoutError', message: 'No connection within 100 ms' });
});

it('ends a call to a server that accepts no connection', async () => {
  const port = await fullServer();
  const call = callTo(port, 'http', { connectionTimeout: 100, requestTimeout: 5000 });
  await expect(call).rejects.toMatchObject({ name: 'TimeoutError', message: 'No connection within 100 ms' });
});

/** The system completes connections until the queue of a blocked thread is full. */
async function fullServer(): Promise<number> {
  const blocked = `
    const { createServer } = require('node:net');
    const { parentPort } = require('node:worker_threads');
    const server = createServer().listen({ port: 0, host: '127.0.0.1', backlog: 1 }, () => {
      parentPort.postMessage(server.address().port);
      setImmediate(() => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0));
    });`;
  const worker = new Worker(blocked, { eval: true });
  open.push({ close: () => worker.terminate() });
  const [port] = (await once(worker, 'message')) as [number];
  for (;;) {
    const socket = connect(port, '127.0.0.1');
    socket.on('error', () => undefined);
    open.unshift({ close: () => socket.destroy() });
    const isQueued = await Promise.race([
      once(socket, 'connect').then(() => true),
      new Promise<boolean>((resolve) => setTimeout(() => resolve(false), 200)),
    ]);
    if (!isQueued) return port;
  }
}

it('uses a connection for one call after another', async () => {
  let connections = 0;
  const port = await listen((socket) => {
    connections += 1;
    socket.on('data', () => socket.write('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}'));
  });
  for (let call = 0; call < 3; call += 1) {
    const { status, body } = await callTo(port, 'http', { ...limits, requestTimeout: 5000 });
    expect([status, body.toString()]).toEqual([200, '{}']);
    await new Promise(setImmediate);
  }
  expect(connections).toBe(1);
});
