import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Assembly, AwsEndpoint, FunctionHost, Recorder, Service, ServiceResponse } from './contract.ts';
import type { FaultPlan } from './fault-plan.ts';
import { CallRunner } from './endpoint/call-runner.ts';
import { isForeignPage } from './endpoint/foreign-pages.ts';
import { Identities } from './endpoint/identities.ts';
import { parseCall } from './endpoint/parsed-call.ts';
import { platformCall } from './endpoint/platform-call.ts';
import { SigningKeys } from './endpoint/signing-keys.ts';
import { WorkUnderWay } from './endpoint/work-under-way.ts';
import { accessControl } from './iam/access-control.ts';
import { encryptionKeys } from './iam/encryption-access.ts';
import { startServices } from './services/start-services.ts';

/** What the endpoint needs. The functions are set later: they need its address first. */
export interface AwsEndpointOptions {
  readonly assembly: Assembly;
  readonly dataDirectory: string;
  readonly recorder: Recorder;
  readonly faults?: FaultPlan;
  /** Simulates the SES sandbox; see {@link LocalRunOptions.mailSandbox}. */
  readonly mailSandbox?: { readonly verified: readonly string[] };
}

type ActivityListener = (service: 'dynamodb' | 'sqs', name: string) => void;

/**
 * Starts the services of the assembly's account behind one loopback server, which every SDK client talks to. Each call
 * is attributed to its caller by the access key that signed it, its signature is verified, and it is judged by the
 * template's policies, subjected to the fault plan, served and recorded.
 */
export async function startAwsEndpoint(options: AwsEndpointOptions): Promise<AwsEndpoint> {
  const { assembly, dataDirectory, recorder, faults = {} } = options;
  const identities = new Identities();
  const keys = new SigningKeys((accessKeyId) => identities.secretAccessKey(accessKeyId));
  const control = accessControl(assembly, faults);
  const work = new WorkUnderWay();
  const listeners = new Set<ActivityListener>();
  const announce: ActivityListener = (service, name) => {
    for (const listener of listeners) listener(service, name);
  };
  let functions: FunctionHost | undefined;
  let rewrite = (value: string): string => value;

  const server = createServer({ keepAliveTimeout: 120_000, noDelay: true });
  const port = await listen(server);
  const url = `http://127.0.0.1:${port}`;
  const services = await startServices({
    assembly,
    dataDirectory,
    recorder,
    faults,
    identities,
    keys,
    control,
    work,
    announce,
    mailSandbox: options.mailSandbox,
    url,
    functions: () => functions,
    rewrite: (value) => rewrite(value),
  }).catch(async (cause: unknown) => {
    await close(server);
    throw cause;
  });
  let stopped: Promise<void> | undefined;
  const stop = async (): Promise<void> => {
    await close(server);
    await services.stop();
  };
  const runner = new CallRunner({ assembly, recorder, faults, identities, keys, control, services });
  const ownHost = `127.0.0.1:${port}`;
  const buckets = new Set(assembly.ofType('AWS::S3::Bucket').map(({ physicalId }) => physicalId));
  const isOnBucket = (message: IncomingMessage): boolean =>
    buckets.has(/^\/([^/?]*)/.exec(message.url ?? '')?.[1] ?? '');
  server.on('request', (message, response) => {
    if (message.headers.host !== ownHost || (isForeignPage(message) && !isOnBucket(message))) {
      message.resume();
      send(response, foreignPage(ownHost));
      return;
    }
    serve(runner, message, response);
  });

  return {
    url,
    environment: environmentOf(url, assembly.region),
    ownerCredentials: {
      accessKeyId: identities.ownerKeyId,
      secretAccessKey: identities.secretAccessKey(identities.ownerKeyId),
    },
    secretAccessKey: (accessKeyId) => identities.secretAccessKey(accessKeyId),
    sessionToken: (accessKeyId) => identities.sessionToken(accessKeyId) ?? '',
    serveObjects: (message, response, host) => {
      if (!isOnBucket(message)) return false;
      serve(runner, message, response, { service: 's3', host });
      return true;
    },
    setFunctions: (host) => {
      functions = host;
      identities.setFunctions(host);
    },
    setRewrite: (replacement) => {
      rewrite = replacement;
    },
    registerService: (prefix: string, service: Service) => {
      services.byPrefix.set(prefix, service);
    },
    call: (service, operation, input) => platformCall(services.byPrefix, service, operation, input),
    mayRole: (roleArn, action, resource) =>
      control.decide({ roleArn, sessionName: 'local' }, { action, resource, lookup: () => undefined }),
    encryptionKeys: encryptionKeys(assembly),
    mayService: (principal, action, resource, sourceArn) => {
      const values: Readonly<Record<string, string | undefined>> = {
        'aws:sourcearn': sourceArn,
        'aws:sourceaccount': assembly.accountId,
        'aws:securetransport': 'true',
        'aws:principalisawsservice': 'true',
      };
      return control.decideForService(principal, { action, resource, lookup: (key) => values[key] });
    },
    onActivity: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    sweepExpired: () => services.sweepExpired(),
    settled: () => work.settled(),
    stop: () => (stopped ??= stop()),
  };
}

/** All clients of the SDK find the endpoint by one variable; the region keeps them from asking elsewhere for it. */
function environmentOf(url: string, region: string): Readonly<Record<string, string>> {
  return { AWS_ENDPOINT_URL: url, AWS_REGION: region, AWS_DEFAULT_REGION: region };
}

/** What other servers than the endpoint's own let through, and the name that addresses were signed with. */
interface Front {
  readonly service: string;
  readonly host: string;
}

function foreignPage(ownHost: string): ServiceResponse {
  return { status: 403, headers: {}, body: `This endpoint answers programs of this machine, at ${ownHost}.` };
}

function serve(runner: CallRunner, message: IncomingMessage, response: ServerResponse, front?: Front): void {
  const chunks: Buffer[] = [];
  message.on('data', (chunk: Buffer) => chunks.push(chunk));
  // A client that goes away before its request is complete has asked for nothing.
  message.on('error', () => response.destroy());
  message.on('end', () => {
    const body = chunks.length === 1 && chunks[0] !== undefined ? chunks[0] : Buffer.concat(chunks);
    const call = parseCall(message, body, front?.host);
    if (call === undefined || (front !== undefined && call.service !== front.service)) {
      const scope = message.headers.authorization?.split('/')[3] ?? 'this AWS service';
      send(response, { status: 404, headers: {}, body: `The local run does not know ${scope}.` });
      return;
    }
    void runner.run(call).then((answer) => {
      if (answer === undefined) response.destroy();
      else send(response, answer);
    });
  });
}

function send(response: ServerResponse, answer: ServiceResponse): void {
  const length = typeof answer.body === 'string' ? Buffer.byteLength(answer.body) : answer.body.length;
  // An answer to HEAD says how long the body would be.
  const headers = { ...answer.headers };
  headers['content-length'] ??= String(length);
  headers['x-amzn-requestid'] ??= randomUUID();
  response.writeHead(answer.status, headers);
  response.end(answer.body);
}

function listen(server: ReturnType<typeof createServer>): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
  });
}

function close(server: ReturnType<typeof createServer>): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
