import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Assembly, Resource, ServiceRequest } from '../../../local/contract.ts';
import { startKms } from '../../../local/services/kms/kms-service.ts';
import { errorResponse, ServiceError } from '../../../local/services/responses.ts';
import { tableSchema } from '../../../shared/core/table/schema.ts';
import { credentials } from '../credentials.ts';

export interface SentMail {
  readonly to: string;
  readonly text: string;
}

export const tableName = 'identity';
export const keysTableName = 'identity-keys';
export const dataKeyId = '11111111-1111-4111-8111-111111111111';
export const signingKeyId = '22222222-2222-4222-8222-222222222222';

export async function createTables(): Promise<void> {
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

export async function startServices(directory: string, mails: SentMail[], calls: Map<string, number>) {
  const kms = startKms(assemblyWithKeys(), directory);
  const assume = credentials();
  const server = createServer((incoming, outgoing) => {
    void readBody(incoming).then(async (body) => {
      if (body.startsWith('Action=AssumeRole')) {
        const { status, headers, body: answer } = await assume(body);
        outgoing.writeHead(status, headers).end(answer);
        return;
      }
      const operation = String(incoming.headers['x-amz-target'] ?? 'TrentService.SendEmail').split('.')[1] ?? '';
      calls.set(operation, (calls.get(operation) ?? 0) + 1);
      const input = JSON.parse(body || '{}') as Record<string, unknown>;
      const { status, headers, body: answer } = await answerTo(operation, input);
      outgoing.writeHead(status, headers).end(answer);
    });
  });
  const answerTo = async (operation: string, input: Record<string, unknown>) => {
    if (operation === 'SendEmail') {
      const mail = mailOf(input);
      if (/^\.|\.\.|\.@/.test(mail.to)) {
        return errorResponse('rest-json', new ServiceError('BadRequestException', 'Local address ends with dot'));
      }
      mails.push(mail);
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
