import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';

/**
 * One client per environment. Three attempts with the SDK's jitter; a hung call is given up after 2 s, well before the
 * client's patience, and tried again on another connection: every write here may be repeated.
 */
export const documents = DynamoDBDocumentClient.from(
  new DynamoDBClient({
    maxAttempts: 3,
    requestHandler: { requestTimeout: 2000, connectionTimeout: 1000, httpsAgent: { keepAlive: true, maxSockets: 100 } },
  }),
  { marshallOptions: { removeUndefinedValues: true } },
);
