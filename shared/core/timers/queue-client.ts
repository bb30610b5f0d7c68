import { SQSClient } from '@aws-sdk/client-sqs';
import { callLimits } from '../runtime/call-limits.ts';

export const queues = new SQSClient({ maxAttempts: 3, requestHandler: callLimits });
