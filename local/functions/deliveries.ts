import type { Assembly, AwsEndpoint, FunctionHost } from '../contract.ts';
import type { Delivery } from './asynchronous-invocations.ts';

/** Lambda uses the invoked function's role. */
export function deliveryService(
  assembly: Assembly,
  aws: Pick<AwsEndpoint, 'call' | 'mayRole'>,
  host: () => FunctionHost,
): (delivery: Delivery) => Promise<void> {
  return async ({ functionName, destinationArn, body, attributes }) => {
    const roleArn = host().definitions.find(({ name }) => name === functionName)?.roleArn ?? '';
    const demand = (action: string): void => {
      const decision = aws.mayRole(roleArn, action, destinationArn);
      if (!decision.allowed) throw new Error(decision.reason);
    };
    switch (destinationArn.split(':')[2]) {
      case 'sqs':
        demand('sqs:SendMessage');
        await aws.call('sqs', 'SendMessage', {
          QueueUrl: assembly.byArn(destinationArn)?.physicalId,
          MessageBody: JSON.stringify(body),
          MessageAttributes: Object.fromEntries(
            Object.entries(attributes).map(([name, value]) => [name, { DataType: 'String', StringValue: value }]),
          ),
        });
        return;
      case 'lambda':
        demand('lambda:InvokeFunction');
        host().invokeEvent(destinationArn, body, `destination of ${functionName}`);
        return;
      case 'events':
        demand('events:PutEvents');
        await aws.call('events', 'PutEvents', {
          Entries: [
            {
              EventBusName: destinationArn,
              Source: 'lambda',
              DetailType: 'Lambda Function Invocation Result',
              Detail: JSON.stringify(body),
            },
          ],
        });
        return;
      default:
        throw new Error(`The local run does not deliver to ${destinationArn}.`);
    }
  };
}
