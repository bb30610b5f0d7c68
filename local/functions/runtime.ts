/**
 * The Lambda runtime: the entry of a worker thread. Between invocations, it sleeps in `Atomics.wait`, so timers,
 * sockets and promises stop, as on AWS.
 * https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html
 */
import { existsSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { receiveMessageOnPort, workerData } from 'node:worker_threads';
import { CapturedOutput } from './captured-output.ts';
import { moveDate } from './moved-date.ts';
import type { RuntimeError, RuntimeJob, RuntimeReport, RuntimeStart } from './runtime-messages.ts';
import { UnawaitedRequests } from './unawaited-requests.ts';

type Handler = (event: unknown, context: object) => unknown;

const start = workerData as RuntimeStart;
const signal = new Int32Array(start.signal);
const requests = new UnawaitedRequests();
const output = new CapturedOutput((logs) => report({ kind: 'logs', logs }));
// Keeps the thread alive for a promise that never settles.
setInterval(() => undefined, 0x7fffffff);

const callbacksRemoved =
  'ERROR: AWS Lambda has removed support for callback-based function handlers starting with Node.js 24. You need to ' +
  'modify this function to use a supported handler signature to use Node.js 24 or later. For more information see ' +
  'https://docs.aws.amazon.com/lambda/latest/dg/nodejs-handler.html.';

output.install();
process.on('uncaughtException', (error) => lose('Runtime.UncaughtException', error));
process.on('unhandledRejection', (reason) => lose('Runtime.UnhandledPromiseRejection', reason));

await run();

async function run(): Promise<void> {
  let handler: Handler;
  try {
    handler = await loadHandler();
  } catch (error) {
    output.add(`Init Error ${describe(error)}`);
    report({ kind: 'lost', error: runtimeError(error), logs: output.take() });
    return;
  }
  report({ kind: 'ready', logs: output.take() });
  for (;;) {
    const { job, sleptMs } = nextJob();
    // Lets the event loop notice connections that the other side closed.
    if (sleptMs > 1_000) await pollTwice();
    report(await invoke(handler, job));
  }
}

function nextJob(): { job: RuntimeJob; sleptMs: number } {
  const began = performance.now();
  for (;;) {
    const seen = Atomics.load(signal, 0);
    const received = receiveMessageOnPort(start.port) as { message: RuntimeJob } | undefined;
    if (received !== undefined) return { job: received.message, sleptMs: performance.now() - began };
    Atomics.wait(signal, 0, seen);
  }
}

async function pollTwice(): Promise<void> {
  await new Promise(setImmediate);
  await new Promise(setImmediate);
}

async function invoke(handler: Handler, job: RuntimeJob): Promise<RuntimeReport> {
  moveDate(job.clockOffsetMs);
  process.env['_X_AMZN_TRACE_ID'] = traceHeader(job.id);
  try {
    const result = await requests.during(job.id, async () => handler(JSON.parse(job.event), contextOf(job)));
    return { kind: 'returned', payload: marshal(result), late: requests.take(), logs: output.take() };
  } catch (error) {
    output.add(`Invoke Error ${describe(error)}`);
    return { kind: 'failed', error: runtimeError(error), late: requests.take(), logs: output.take() };
  }
}

function contextOf(job: RuntimeJob): object {
  return {
    awsRequestId: job.id,
    functionName: start.functionName,
    functionVersion: '$LATEST',
    invokedFunctionArn: start.functionArn,
    memoryLimitInMB: String(start.memoryMiB),
    logGroupName: start.logGroupName,
    logStreamName: start.logStreamName,
    getRemainingTimeInMillis: () => Math.max(0, job.deadline - Date.now()),
  };
}

function marshal(result: unknown): string {
  try {
    return JSON.stringify(result) ?? 'null';
  } catch (cause) {
    throw Object.assign(new Error('Unable to stringify response body', { cause }), { name: 'Runtime.MarshalError' });
  }
}

/** In the order of the Node runtime. */
async function loadHandler(): Promise<Handler> {
  const name = basename(start.handler);
  const dot = name.indexOf('.');
  if (dot < 1) throw named('Runtime.MalformedHandlerName', `Bad handler ${start.handler}`);
  const base = join(start.codeDirectory, dirname(start.handler), name.slice(0, dot));
  const file = ['.js', '.mjs', '.cjs'].map((extension) => base + extension).find((candidate) => existsSync(candidate));
  if (file === undefined) throw named('Runtime.ImportModuleError', `Error: Cannot find module '${base}'`);
  const module = (await import(pathToFileURL(file).href)) as Record<string, unknown>;
  const handler = exported(module, name.slice(dot + 1)) ?? exported(module['default'], name.slice(dot + 1));
  if (typeof handler !== 'function') {
    throw named('Runtime.HandlerNotFound', `${start.handler} is undefined or not exported`);
  }
  // https://github.com/aws/aws-lambda-nodejs-runtime-interface-client/issues/137
  if (handler.length >= 3) throw named('Runtime.CallbackHandlerDeprecated', callbacksRemoved);
  return handler as Handler;
}

function exported(module: unknown, path: string): unknown {
  let value = module;
  for (const key of path.split('.')) value = (value as Record<string, unknown> | undefined)?.[key];
  return value;
}

function named(name: string, message: string): Error {
  return Object.assign(new Error(message), { name });
}

/** An unhandled error ends the process on Lambda. */
function lose(errorType: string, reason: unknown): void {
  output.add(`Uncaught ${describe(reason)}`);
  report({ kind: 'lost', error: { ...runtimeError(reason), errorType }, logs: output.take() });
  process.exit(129);
}

function runtimeError(reason: unknown): RuntimeError {
  if (!(reason instanceof Error)) return { errorType: typeof reason, message: describe(reason), trace: [] };
  return { errorType: reason.name, message: reason.message, trace: (reason.stack ?? '').split('\n') };
}

function describe(reason: unknown): string {
  if (!(reason instanceof Error)) return typeof reason === 'string' ? reason : (JSON.stringify(reason) ?? 'undefined');
  const stack = reason.stack ?? `${reason.name}: ${reason.message}`;
  return reason.cause === undefined ? stack : `${stack}\ncaused by ${describe(reason.cause)}`;
}

function traceHeader(invocationId: string): string {
  const digits = invocationId.replaceAll('-', '');
  return `Root=1-${digits.slice(0, 8)}-${digits.slice(8)};Parent=${digits.slice(16)};Sampled=0`;
}

function report(message: RuntimeReport): void {
  start.port.postMessage(message);
}
