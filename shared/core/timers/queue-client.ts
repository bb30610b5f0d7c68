import { SQSClient } from '@aws-sdk/client-sqs';

/** Without timeouts, a lost connection would delay urgent wake-ups until the function's timeout. */
export const queues = new SQSClient({
  maxAttempts: 3,
  requestHandler: { requestTimeout: 2000, connectionTimeout: 1000 },
});
