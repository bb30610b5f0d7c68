import type { BusEnvelope } from '../../contract/events/envelope.ts';
import { AwsClient } from '../../core/aws/aws-client.ts';
import { PutEventsCommand } from '../../core/aws/put-events-command.ts';
import { config } from '../../core/runtime/config.ts';
import { settleAll } from '../../core/runtime/settle-all.ts';

const bridge = new AwsClient();
/** https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEvents.html */
const batchSize = 10;
const attempts = 3;

/** @returns ids of the events that the bus did not accept. */
export async function publishEvents(envelopes: readonly BusEnvelope[]): Promise<ReadonlySet<string>> {
  const batches: BusEnvelope[][] = [];
  for (let start = 0; start < envelopes.length; start += batchSize)
    batches.push(envelopes.slice(start, start + batchSize));
  const failed = await settleAll(batches.map(publishBatch));
  return new Set(failed.flat());
}

/** The call succeeds even if single entries fail. */
async function publishBatch(batch: readonly BusEnvelope[]): Promise<readonly string[]> {
  let remaining = batch;
  for (let attempt = 0; attempt < attempts && remaining.length > 0; attempt += 1) {
    const { Entries: results } = await bridge.send(
      new PutEventsCommand({
        Entries: remaining.map((envelope) => ({
          EventBusName: config.eventBusName,
          Source: 'switchboard',
          DetailType: envelope.type,
          Detail: JSON.stringify(envelope),
          Time: new Date(envelope.at),
        })),
      }),
    );
    remaining = remaining.filter((_, index) => results[index]?.ErrorCode !== undefined);
  }
  return remaining.map((envelope) => envelope.id);
}
