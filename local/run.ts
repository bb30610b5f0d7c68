import { rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { createHttpApi } from './api/http-api.ts';
import { connectionsService } from './api/connections-service.ts';
import { rememberedPermission } from './api/lambda-targets.ts';
import { accountThrottle } from './api/throttle.ts';
import { createWebSocketApi } from './api/websocket-api.ts';
import { startAwsEndpoint } from './aws-endpoint.ts';
import type { LocalRun, LocalRunOptions } from './contract.ts';
import { DeploymentRefusedError, deploymentProblems } from './deployment/deployment-problems.ts';
import { lockDirectory } from './directory-lock.ts';
import { directEdge } from './edge/direct-edge.ts';
import { distributionEdge } from './edge/distribution-edge.ts';
import { keepFilesPrivate, makePrivate } from './private-files.ts';
import type { Edge, EdgeParts } from './edge/edge.ts';
import { startPublicServer } from './edge/public-server.ts';
import { socketPathOf } from './edge/socket-path.ts';
import { asynchronousSettings, createAsynchronousInvocations } from './functions/asynchronous-invocations.ts';
import type { AsynchronousInvocations } from './functions/asynchronous-invocations.ts';
import { deliveryService } from './functions/deliveries.ts';
import { startFarSides } from './far-sides/far-sides.ts';
import { addVendors } from './far-sides/vendors.ts';
import { createFunctionHost } from './functions/function-host.ts';
import { createLateWorkWatch } from './functions/late-work.ts';
import { createInspector } from './inspector/inspector.ts';
import { createRecorder } from './recorder.ts';
import { Settling } from './settling.ts';
import { createSchedules } from './sources/schedules.ts';
import { startSources } from './sources/start-sources.ts';
import { loadAssembly } from './template/assembly.ts';
import { functionDefinitions } from './template/function-definitions.ts';
import { localAddresses } from './template/local-addresses.ts';

/** For work in progress at a stop. */
const stopPatienceMs = 2_000;

const dataInUse = (directory: string) => (pid: number) =>
  `The data directory ${directory} is in use by another local run (process ${pid}). ` +
  `Stop that run, or choose another directory: DATA_DIR=.switchboard-2 npm start`;

/**
 * @throws PortTakenError, DirectoryInUseError, DeploymentRefusedError, or an Error for an unsupported part of the
 *   template. It then leaves no process running.
 */
export async function startLocalRun(options: LocalRunOptions): Promise<LocalRun> {
  const cleanups: (() => Promise<void> | void)[] = [];
  const cleanUp = async (): Promise<void> => {
    for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
  };
  try {
    return await start(options, cleanups, cleanUp);
  } catch (cause) {
    await cleanUp();
    throw cause;
  }
}

async function start(
  options: LocalRunOptions,
  cleanups: (() => Promise<void> | void)[],
  cleanUp: () => Promise<void>,
): Promise<LocalRun> {
  const startedAt = performance.now();
  const { faults = {} } = options;
  const log = options.log ?? (() => undefined);
  const dataDirectory = resolve(options.dataDirectory);
  const server = await startPublicServer(options.port, options.publicUrl);
  cleanups.push(() => server.stop());
  cleanups.push(keepFilesPrivate());
  cleanups.push(lockDirectory(dataDirectory, dataInUse(dataDirectory)));
  makePrivate(dataDirectory);

  const assembly = loadAssembly(options.assemblyDirectory);
  const lateWork = createLateWorkWatch(({ functionName, message }) => log(`${functionName}: ${message}`));
  const settling = new Settling();
  const recorder = settling.watch(lateWork.watch(createRecorder()));
  const aws = await startAwsEndpoint({
    assembly,
    dataDirectory,
    recorder,
    faults,
    ...(options.mailSandbox === undefined ? {} : { mailSandbox: options.mailSandbox }),
  });
  cleanups.push(() => aws.stop());
  aws.onActivity(() => settling.noteActivity());

  const url = `http://127.0.0.1:${server.port}`;
  const socketUrl = `${url.replace('http', 'ws')}${socketPathOf(assembly)}`;
  const publicUrl = options.publicUrl ?? url;
  const rewrite = localAddresses(assembly, {
    awsUrl: aws.url,
    publicUrl,
    socketUrl: `${publicUrl.replace(/^http/, 'ws')}${socketPathOf(assembly)}`,
  });
  aws.setRewrite(rewrite);

  const problems = deploymentProblems(assembly, aws);
  if (problems.length > 0) throw new DeploymentRefusedError(problems);

  const farSides = await startFarSides((request) => recorder.sink('request', { ...request }));
  cleanups.push(() => farSides.stop());
  const vendors = addVendors(farSides, { now: () => Date.now() + aws.timers.clockOffsetMs });
  const permission = rememberedPermission((...question) => aws.mayService(...question), log);
  let asynchronous: AsynchronousInvocations | undefined;
  const deliver = deliveryService(assembly, aws, () => functions);
  const functions = createFunctionHost({
    definitions: functionDefinitions(assembly),
    recorder,
    // Browsers reach only the public port, so functions sign file addresses with it.
    endpoint: { ...aws.environment, AWS_ENDPOINT_URL_S3: url, ...farSides.environment },
    rewrite,
    secretAccessKey: (accessKeyId) => aws.secretAccessKey(accessKeyId),
    sessionToken: (accessKeyId) => aws.sessionToken(accessKeyId),
    clockOffsetMs: () => aws.timers.clockOffsetMs,
    lateWork: (late) => lateWork.add(late),
    ...(options.environmentsPerFunction === undefined
      ? {}
      : { environmentsPerFunction: options.environmentsPerFunction }),
    asynchronous: (invoker) => {
      asynchronous = createAsynchronousInvocations({
        host: invoker,
        settings: asynchronousSettings(assembly),
        journalPath: join(dataDirectory, 'asynchronous-invocations.jsonl'),
        deliver,
        log,
      });
      return asynchronous;
    },
  });
  cleanups.push(() => functions.stop());
  aws.setFunctions(functions);

  const apis = assembly.ofType('AWS::ApiGatewayV2::Api');
  const account = accountThrottle(options.accountRequests);
  const common = { assembly, host: functions, permission, rewrite, faults, account };
  const socketApis = apis
    .filter((api) => api.properties['ProtocolType'] === 'WEBSOCKET')
    .map((api) => createWebSocketApi({ ...common, api, now: options.connectionClock ?? Date.now }));
  for (const api of socketApis) cleanups.push(() => atMost(stopPatienceMs, api.stop()));
  const httpApis = apis
    .filter((api) => api.properties['ProtocolType'] === 'HTTP')
    .map((api) => createHttpApi({ ...common, api }));
  aws.registerService('execute-api', connectionsService(socketApis, account));

  const edge = edgeOf({
    assembly,
    httpApis,
    socketApis,
    rewrite,
    log,
    mayService: (...question) => aws.mayService(...question),
  });

  const sources = startSources({
    assembly,
    aws,
    host: functions,
    dataDirectory,
    log,
    deliver: (functionName, destinationArn, body) => deliver({ functionName, destinationArn, body, attributes: {} }),
    faults,
    ...(options.pace === undefined ? {} : { pace: options.pace }),
  });
  cleanups.push(() => atMost(stopPatienceMs, sources.stop()));
  const schedules = createSchedules({ assembly, aws, host: functions, log });
  schedules.start();
  cleanups.push(() => schedules.stop());
  asynchronous?.resume();

  const settled = (): Promise<void> => settling.settled({ aws, functions, socketApis, sources });
  let startedInMs = 0;
  const inspector = createInspector({
    vendors,
    assembly,
    aws,
    host: functions,
    recorder,
    socketApis,
    schedules,
    lateWork: () => lateWork.all(),
    url,
    socketUrl,
    startedInMs: () => startedInMs,
    settled,
  });
  const { host: ownHost } = new URL(url);
  server.serve(
    edge,
    (message, response) => inspector(message, response) || aws.serveObjects(message, response, ownHost),
  );

  const runFile = join(dataDirectory, 'run.json');
  const { ownerCredentials: credentials } = aws;
  const about = { url, socketUrl, awsUrl: aws.url, region: assembly.region, pid: process.pid, credentials };
  writeFileSync(runFile, `${JSON.stringify(about, undefined, 2)}\n`, { mode: 0o600 });
  cleanups.push(() => rmSync(runFile, { force: true }));
  startedInMs = performance.now() - startedAt;

  let stopping: Promise<void> | undefined;
  return {
    url,
    socketUrl,
    assembly,
    functions,
    recorder,
    aws,
    timers: aws.timers,
    farSides,
    vendors,
    settled,
    stop: () => (stopping ??= cleanUp()),
  };
}

function edgeOf(parts: EdgeParts): Edge {
  const [distribution, ...more] = parts.assembly.ofType('AWS::CloudFront::Distribution');
  for (const { logicalId } of more) parts.log(`${logicalId}: the local run serves the first distribution only.`);
  return distribution === undefined ? directEdge(parts) : distributionEdge(distribution, parts);
}

async function atMost(limitMs: number, work: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, limitMs);
  });
  await Promise.race([work, limit]);
  clearTimeout(timer);
}
