import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Assembly, AwsEndpoint, FunctionHost, Recorder, Service, ServiceResponse } from './contract.ts';
import type { FaultPlan } from './fault-plan.ts';
import { CallRunner } from './endpoint/call-runner.ts';
import { readPostsByHand } from './endpoint/post-connections.ts';
import type { Answer } from './endpoint/post-connections.ts';
import type { RequestHead } from './endpoint/post-head.ts';
import { isForeignPage } from './endpoint/foreign-pages.ts';
import { Identities } from './endpoint/identities.ts';
import { parseCall } from './endpoint/parsed-call.ts';
import { platformCall } from './endpoint/platform-call.ts';
import { SigningKeys } from './endpoint/signing-keys.ts';
import { WorkUnderWay } from './endpoint/work-under-way.ts';
import { accessControl } from './iam/access-control.ts';
import { encryptionKeys } from './iam/encryption-access.ts';
import { RunClock } from './run-clock.ts';
import { startServices } from './services/start-services.ts';

export interface AwsEndpointOptions {
  readonly assembly: Assembly;
  readonly dataDirectory: string;
  readonly recorder: Recorder;
  readonly faults?: FaultPlan;
  /** See {@link LocalRunOptions.mailSandbox}. */
  readonly mailSandbox?: { readonly verified: readonly string[] };
}

type ActivityListener = (service: 'dynamodb' | 'sqs', name: string) => void;

/**
 * Serves all SDK clients on loopback. Verifies the signature, evaluates the policies, applies faults and records each
 * call.
 */
export async function startAwsEndpoint(options: AwsEndpointOptions): Promise<AwsEndpoint> {
  const { assembly, dataDirectory, recorder, faults = {} } = options;
  const clock = new RunClock();
  const identities = new Identities(clock);
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
    clock,
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
    const closed = close(server);
    closePosts();
    await closed;
    await services.stop();
  };
  const runner = new CallRunner({ assembly, recorder, faults, identities, clock, keys, control, services });
  const ownHost = `127.0.0.1:${port}`;
  const buckets = new Set(assembly.ofType('AWS::S3::Bucket').map(({ physicalId }) => physicalId));
  const isOnBucket = ({ url: address = '' }: RequestHead): boolean =>
    buckets.has(/^\/([^/?]*)/.exec(address)?.[1] ?? '');
  const answer = (head: RequestHead, body: Buffer): Promise<ServiceResponse | undefined> =>
    head.headers['host'] !== ownHost || (isForeignPage(head) && !isOnBucket(head))
      ? Promise.resolve(complete(foreignPage(ownHost)))
      : answerOf(runner, head, body);
  server.on('request', (message, response) => serve(message, response, answer));
  const closePosts = readPostsByHand(server, answer);

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
      serve(message, response, (head, body) => answerOf(runner, head, body, { service: 's3', host }));
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
    timers: services.timers,
    settled: () => work.settled(),
    stop: () => (stopped ??= stop()),
  };
}

/** Clients must not use the developer's own region. */
function environmentOf(url: string, region: string): Readonly<Record<string, string>> {
  return { AWS_ENDPOINT_URL: url, AWS_REGION: region, AWS_DEFAULT_REGION: region };
}

interface Front {
  readonly service: string;
  readonly host: string;
}

function foreignPage(ownHost: string): ServiceResponse {
  return {
    status: 403,
    headers: {},
    body: `This endpoint accepts requests of programs on this machine only, at ${ownHost}.`,
  };
}

function serve(message: IncomingMessage, response: ServerResponse, answer: Answer): void {
  const chunks: Buffer[] = [];
  message.on('data', (chunk: Buffer) => chunks.push(chunk));
  // An incomplete request gets no answer.
  message.on('error', () => response.destroy());
  message.on('end', () => {
    const body = chunks.length === 1 && chunks[0] !== undefined ? chunks[0] : Buffer.concat(chunks);
    void answer(message, body).then((served) => {
      if (served === undefined) {
        response.destroy();
        return;
      }
      response.writeHead(served.status, served.headers);
      response.end(served.body);
    });
  });
}

async function answerOf(
  runner: CallRunner,
  head: RequestHead,
  body: Buffer,
  front?: Front,
): Promise<ServiceResponse | undefined> {
  const call = parseCall(head, body, front?.host);
  if (call === undefined || (front !== undefined && call.service !== front.service)) {
    const scope = String(head.headers['authorization'] ?? '').split('/')[3] ?? 'this AWS service';
    return complete({ status: 404, headers: {}, body: `The local run has no service ${scope}.` });
  }
  const served = await runner.run(call);
  return served === undefined ? undefined : complete(served);
}

function complete(response: ServiceResponse): ServiceResponse {
  const headers = { ...response.headers };
  // The length that a GET body would have.
  headers['content-length'] ??= String(Buffer.byteLength(response.body));
  headers['x-amzn-requestid'] ??= randomUUID();
  return { ...response, headers };
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
