import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2, Context } from 'aws-lambda';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEngine } from '../../../local/services/dynamodb/engine-process.ts';
import type { BusEnvelope } from '../../../shared/contract/events/envelope.ts';
import type { FieldError } from '../../../shared/contract/kit/define-problem.ts';
import type { User } from '../../../shared/contract/schemas/user.ts';
import { routesByFunction } from '../../../shared/contract/registry.ts';
import { routeKey } from '../../../shared/contract/kit/define-route.ts';
import {
  createTables,
  dataKeyId,
  keysTableName,
  type SentMail,
  signingKeyId,
  startServices,
  tableName,
} from './identity-services.ts';
import { tenantRoleArn } from '../credentials.ts';
import type { ProvisioningCommand, ProvisioningResult } from '../../../shared/features/provisioning/commands.ts';

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: AnswerBody;
}

/** A missing member is `undefined`, which fails the test. */
export interface AnswerBody extends Readonly<Record<string, unknown>> {
  readonly id: string;
  readonly code: string;
  readonly status: string | number;
  readonly user: User;
  readonly items: readonly User[];
  readonly nextCursor: string | null;
  readonly errors: readonly FieldError[];
  readonly retryAfterMs: number;
  readonly accessToken: string;
  readonly refreshToken: string;
  readonly deviceToken: string;
  readonly ticket: string;
}

export interface CallOptions {
  readonly body?: unknown;
  readonly token?: string;
  readonly sourceIp?: string;
  readonly query?: Readonly<Record<string, string>>;
}

/** Runs the identity functions in this process on the real table engine. The test controls the clock. */
export interface IdentitySystem {
  call(operationId: string, options?: CallOptions, params?: Readonly<Record<string, string>>): Promise<Answer>;
  provision(operation: ProvisioningCommand): Promise<ProvisioningResult>;
  authorizeSocket(headers: Record<string, string>, query?: Record<string, string>): Promise<Record<string, unknown>>;
  /** Removes the outbox's events and returns them, oldest first. */
  takeEvents(): Promise<readonly BusEnvelope[]>;
  deliverMail(event: BusEnvelope): Promise<void>;
  readonly mails: readonly SentMail[];
  readonly calls: ReadonlyMap<string, number>;
  readonly tableUrl: string;
  stop(): Promise<void>;
}

const eventSource = 'switchboard';

export async function startIdentitySystem(): Promise<IdentitySystem> {
  const directory = await mkdtemp(join(tmpdir(), 'switchboard-identity-'));
  const engine = await startEngine(directory, undefined);
  const tableUrl = `http://${engine.host}:${engine.port}`;
  const mails: SentMail[] = [];
  const calls = new Map<string, number>();
  const services = await startServices(directory, mails, calls);
  Object.assign(process.env, {
    AWS_REGION: 'local',
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_ENDPOINT_URL_DYNAMODB: tableUrl,
    AWS_ENDPOINT_URL_KMS: services.url,
    AWS_ENDPOINT_URL_SESV2: services.url,
    AWS_ENDPOINT_URL_STS: services.url,
    TENANT_ROLE_ARN: tenantRoleArn,
    TABLE_NAME: tableName,
    KEYS_TABLE_NAME: keysTableName,
    DATA_KEY_ID: dataKeyId,
    SIGNING_KEY_IDS: signingKeyId,
    PUBLIC_URL: 'https://chat.example',
    MAIL_FROM: 'chat@chat.example',
    MAIL_CONFIGURATION_SET: 'switchboard-test',
  });
  await createTables();
  // The functions read these variables when they are loaded.
  const functions = await loadFunctions();

  return {
    mails,
    calls,
    tableUrl,
    async call(operationId, options = {}, params = {}) {
      const { route, handler } = functions.http(operationId);
      const event = httpEvent(routeKey(route), options, params);
      const isAnonymous = route.access === 'public' || options.token === undefined;
      const authorized = isAnonymous ? undefined : await functions.authorizeHttp(event);
      const authorizer = authorized?.isAuthorized === true ? { lambda: authorized.context } : undefined;
      Object.assign(event.requestContext, { authorizer });
      const answer = (await handler(event, {} as Context)) as APIGatewayProxyStructuredResultV2;
      return {
        status: answer.statusCode ?? 0,
        headers: answer.headers as Record<string, string>,
        body: JSON.parse(answer.body ?? '{}') as AnswerBody,
      };
    },
    provision: (operation) => functions.provision(operation, { awsRequestId: 'test' }),
    authorizeSocket: async (headers, query = {}) => ({
      ...(await functions.authorizeSocket({
        headers,
        multiValueHeaders: null,
        queryStringParameters: query,
        methodArn: 'arn:aws:execute-api:local:1:api/stage/$connect',
      })),
    }),
    takeEvents: () => functions.takeEvents(),
    deliverMail: async (event) => {
      const body = JSON.stringify({ source: eventSource, 'detail-type': event.type, detail: event });
      const result = await functions.sendMail({ Records: [{ messageId: 'one', body }] });
      if (result.batchItemFailures.length > 0) throw new Error('The mail consumer failed');
    },
    stop: async () => {
      await services.stop();
      await engine.stop();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

async function loadFunctions() {
  const [auth, users, admin, guests, health] = await Promise.all([
    import('../../../functions/auth.ts'),
    import('../../../functions/users.ts'),
    import('../../../functions/admin.ts'),
    import('../../../functions/guests.ts'),
    import('../../../functions/health.ts'),
  ]);
  const { handler: authorizeHttp } = await import('../../../functions/authorize-http.ts');
  const { handler: authorizeSocket } = await import('../../../functions/authorize-socket.ts');
  const { handler: sendMail } = await import('../../../functions/send-mail.ts');
  const { handler: provision } = await import('../../../functions/provision.ts');
  const { takeOutbox } = await import('./outbox.ts');
  const handlers = {
    auth: auth.handler,
    users: users.handler,
    admin: admin.handler,
    guests: guests.handler,
    health: health.handler,
  };
  type HttpHandler = (event: APIGatewayProxyEventV2, context: Context) => Promise<unknown>;
  return {
    http: (operationId: string) => {
      for (const [name, handler] of Object.entries(handlers)) {
        const routes = routesByFunction[name as keyof typeof handlers];
        const route = routes.find((route) => route.operationId === operationId);
        if (route !== undefined) return { route, handler: handler as unknown as HttpHandler };
      }
      throw new Error(`No function serves ${operationId}`);
    },
    authorizeHttp,
    authorizeSocket,
    provision,
    sendMail: sendMail as unknown as (event: object) => Promise<{ batchItemFailures: readonly object[] }>,
    takeEvents: takeOutbox,
  };
}

let requests = 0;

function httpEvent(
  key: string,
  { body, token, sourceIp = '203.0.113.1', query }: CallOptions,
  params: Readonly<Record<string, string>>,
): APIGatewayProxyEventV2 {
  const [method = '', path = ''] = key.split(' ');
  requests += 1;
  return {
    version: '2.0',
    routeKey: key,
    rawPath: path,
    rawQueryString: '',
    headers: {
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    },
    ...(query === undefined ? {} : { queryStringParameters: query }),
    pathParameters: params,
    requestContext: {
      requestId: `request-${requests}`,
      http: { method, path, protocol: 'HTTP/1.1', sourceIp, userAgent: 'test' },
    } as unknown as APIGatewayProxyEventV2['requestContext'],
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    isBase64Encoded: false,
  };
}
