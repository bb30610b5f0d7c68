import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2, Context } from 'aws-lambda';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Assembly, Resource, ServiceRequest } from '../../../local/contract.ts';
import { startEngine } from '../../../local/services/dynamodb/engine-process.ts';
import { startKms } from '../../../local/services/kms/kms-service.ts';
import { errorResponse, ServiceError } from '../../../local/services/responses.ts';
import type { BusEnvelope } from '../../../shared/contract/events/envelope.ts';
import type { FieldError } from '../../../shared/contract/kit/define-problem.ts';
import type { User } from '../../../shared/contract/schemas/user.ts';
import { routesByFunction } from '../../../shared/contract/registry.ts';
import { routeKey } from '../../../shared/contract/kit/define-route.ts';
import { tableSchema } from '../../../shared/table/schema.ts';
import type { OperationInput, OperationResult } from '../../../shared/tenants/operations.ts';

/** An answer of the HTTP API. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: AnswerBody;
}

/** The members of all answers that tests look at; those of another answer are `undefined`, which fails the test. */
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

export interface SentMail {
  readonly to: string;
  readonly text: string;
}

/**
 * The functions of identity in this process, on the real table engine and key service, behind events as API Gateway
 * makes them. The local run shows the same through the template; this shows it with the clock in the test's hands.
 */
export interface IdentitySystem {
  call(operationId: string, options?: CallOptions, params?: Readonly<Record<string, string>>): Promise<Answer>;
  operate(operation: OperationInput): Promise<OperationResult>;
  authorizeSocket(headers: Record<string, string>, query?: Record<string, string>): Promise<Record<string, unknown>>;
  /** Takes the events that wait in the outbox, oldest first, as the projector would publish them. */
  takeEvents(): Promise<readonly BusEnvelope[]>;
  /** Hands an event to the mail consumer, as its queue would. */
  deliverMail(event: BusEnvelope): Promise<void>;
  readonly mails: readonly SentMail[];
  /** How often each operation of the services was called. */
  readonly calls: ReadonlyMap<string, number>;
  readonly tableUrl: string;
  stop(): Promise<void>;
}

const tableName = 'identity';
const keysTableName = 'identity-keys';
const dataKeyId = '11111111-1111-4111-8111-111111111111';
const signingKeyId = '22222222-2222-4222-8222-222222222222';
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
    TABLE_NAME: tableName,
    KEYS_TABLE_NAME: keysTableName,
    DATA_KEY_ID: dataKeyId,
    SIGNING_KEY_ID: signingKeyId,
    PUBLIC_URL: 'https://chat.example',
    MAIL_FROM: 'chat@chat.example',
  });
  await createTables();
  // The functions make their clients when they are loaded, so only now.
  const functions = await loadFunctions();

  return {
    mails,
    calls,
    tableUrl,
    async call(operationId, options = {}, params = {}) {
      const { route, handler } = functions.http(operationId);
      const event = httpEvent(routeKey(route), options, params);
      const authorizer =
        route.access === 'public' || options.token === undefined
          ? undefined
          : { lambda: (await functions.authorizeHttp(event)).context };
      Object.assign(event.requestContext, { authorizer });
      const answer = (await handler(event, {} as Context)) as APIGatewayProxyStructuredResultV2;
      return {
        status: answer.statusCode ?? 0,
        headers: answer.headers as Record<string, string>,
        body: JSON.parse(answer.body ?? '{}') as AnswerBody,
      };
    },
    operate: (operation) => functions.operate(operation, { awsRequestId: 'test' }),
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
  const [auth, users, admin, platform] = await Promise.all([
    import('../../../functions/auth.ts'),
    import('../../../functions/users.ts'),
    import('../../../functions/admin.ts'),
    import('../../../functions/platform.ts'),
  ]);
  const { handler: authorizeHttp } = await import('../../../functions/authorize-http.ts');
  const { handler: authorizeSocket } = await import('../../../functions/authorize-socket.ts');
  const { handler: sendMail } = await import('../../../functions/send-mail.ts');
  const { handler: operate } = await import('../../../functions/operate.ts');
  const { takeOutbox } = await import('./outbox.ts');
  const handlers = { auth: auth.handler, users: users.handler, admin: admin.handler, platform: platform.handler };
  type HttpHandler = (event: APIGatewayProxyEventV2, context: Context) => Promise<unknown>;
  return {
    http: (operationId: string) => {
      for (const [name, handler] of Object.entries(handlers)) {
        const routes = routesByFunction[name as keyof typeof handlers];
        const route = routes.find((one) => one.operationId === operationId);
        if (route !== undefined) return { route, handler: handler as unknown as HttpHandler };
      }
      throw new Error(`No function serves ${operationId}`);
    },
    authorizeHttp,
    authorizeSocket,
    operate,
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

async function createTables(): Promise<void> {
  const client = new DynamoDBClient({});
  const { collection } = tableSchema.indexes;
  const key = (partitionKey: string, sortKey: string) => [
    { AttributeName: partitionKey, KeyType: 'HASH' as const },
    { AttributeName: sortKey, KeyType: 'RANGE' as const },
  ];
  const text = (AttributeName: string) => ({ AttributeName, AttributeType: 'S' as const });
  const BillingMode = 'PAY_PER_REQUEST' as const;
  await client.send(
    new CreateTableCommand({
      TableName: tableName,
      BillingMode,
      KeySchema: key('pk', 'sk'),
      AttributeDefinitions: ['pk', 'sk', collection.partitionKey, collection.sortKey].map(text),
      GlobalSecondaryIndexes: [
        {
          IndexName: collection.name,
          KeySchema: key(collection.partitionKey, collection.sortKey),
          Projection: { ProjectionType: 'ALL' },
        },
      ],
    }),
  );
  const AttributeDefinitions = ['pk', 'sk'].map(text);
  await client.send(
    new CreateTableCommand({ TableName: keysTableName, BillingMode, KeySchema: key('pk', 'sk'), AttributeDefinitions }),
  );
}

/** The key service and a mailbox, on one port. */
async function startServices(directory: string, mails: SentMail[], calls: Map<string, number>) {
  const kms = startKms(assemblyWithKeys(), directory);
  const server = createServer((incoming, outgoing) => {
    void readBody(incoming).then(async (body) => {
      const operation = String(incoming.headers['x-amz-target'] ?? 'TrentService.SendEmail').split('.')[1] ?? '';
      calls.set(operation, (calls.get(operation) ?? 0) + 1);
      const input = JSON.parse(body || '{}') as Record<string, unknown>;
      const { status, headers, body: answer } = await answerTo(operation, input);
      outgoing.writeHead(status, headers).end(answer);
    });
  });
  const answerTo = async (operation: string, input: Record<string, unknown>) => {
    if (operation === 'SendEmail') {
      mails.push(mailOf(input));
      return { status: 200, headers: { 'content-type': 'application/json' }, body: '{"MessageId":"1"}' };
    }
    try {
      return await kms.service({ operation, input } as unknown as ServiceRequest);
    } catch (error) {
      if (error instanceof ServiceError) return errorResponse('json-1.1', error);
      throw error;
    }
  };
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stop: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function mailOf(input: Record<string, unknown>): SentMail {
  const mail = input as {
    Destination: { ToAddresses: string[] };
    Content: { Simple: { Body: { Text: { Data: string } } } };
  };
  return { to: mail.Destination.ToAddresses.join(), text: mail.Content.Simple.Body.Text.Data };
}

async function readBody(incoming: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}

function assemblyWithKeys(): Assembly {
  const key = (physicalId: string, properties: Resource['properties']): Resource => ({
    stack: 'test',
    logicalId: physicalId,
    type: 'AWS::KMS::Key',
    properties,
    physicalId,
    arn: `arn:aws:kms:local:1:key/${physicalId}`,
  });
  const resources = [key(dataKeyId, {}), key(signingKeyId, { KeySpec: 'ECC_NIST_P256', KeyUsage: 'SIGN_VERIFY' })];
  return {
    directory: '',
    region: 'local',
    accountId: '1',
    resources,
    outputs: {},
    ofType: (type) => resources.filter((resource) => resource.type === type),
    byArn: () => undefined,
    asset: () => undefined,
  };
}
