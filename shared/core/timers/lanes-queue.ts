import { SendMessageBatchCommand, type SendMessageBatchRequestEntry } from '@aws-sdk/client-sqs';
import { config } from '../runtime/config.ts';
import { queues } from './queue-client.ts';

export function sendToLanesQueue(Entries: SendMessageBatchRequestEntry[]) {
  return queues.send(new SendMessageBatchCommand({ QueueUrl: config.lanesQueueUrl, Entries }));
}
