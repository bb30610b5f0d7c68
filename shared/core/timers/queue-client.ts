import { SQSClient } from '@aws-sdk/client-sqs';
import { callLimits } from '../runtime/call-limits.ts';

export const queues = new SQSClient({
  maxAttempts: 3,
  requestHandler: callLimits,
  // The queue is in the region of the function, and the endpoint that the environment names must hold.
  useQueueUrlAsEndpoint: false,
});
