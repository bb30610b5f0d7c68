import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startAwsEndpoint } from '../aws-endpoint.ts';
import type { AwsEndpoint } from '../contract.ts';
import { createRecorder } from '../recorder.ts';
import { accountId, assemblyOf, functionArn, region, resource } from './assembly-of.ts';
import { inProcessHost } from './in-process-host.ts';
import { temporaryDirectory } from './sample-account.ts';

const directory = temporaryDirectory();
const recorder = createRecorder();
const host = inProcessHost({});
const topicArn = `arn:aws:sns:${region}:${accountId}:news`;
let endpoint: AwsEndpoint;

function subscription(id: string, Protocol: string, Endpoint: string, more: object = {}) {
  return resource(id, 'AWS::SNS::Subscription', { TopicArn: topicArn, Protocol, Endpoint, ...more });
}

beforeAll(async () => {
  const assembly = assemblyOf([
    resource('news', 'AWS::SNS::Topic', { TopicName: 'news' }, topicArn),
    resource('consumer', 'AWS::Lambda::Function', {}, functionArn('consumer')),
    resource('permission', 'AWS::Lambda::Permission', {
      Action: 'lambda:InvokeFunction',
      FunctionName: functionArn('consumer'),
      Principal: 'sns.amazonaws.com',
      SourceArn: topicArn,
    }),
    subscription('toFunction', 'lambda', functionArn('consumer'), { FilterPolicy: { kind: ['wanted'] } }),
    subscription('toPeople', 'email', 'ops@sample.example'),
  ]);
  endpoint = await startAwsEndpoint({ assembly, dataDirectory: directory.path, recorder });
  endpoint.setFunctions(host);
});

afterAll(async () => {
  await endpoint.stop();
  directory.remove();
});

it('delivers a topic’s messages to mail addresses, and to functions whose filter matches', async () => {
  const owner = new SNSClient({ endpoint: endpoint.url, region, credentials: endpoint.ownerCredentials });
  for (const kind of ['wanted', 'unwanted']) {
    const attributes = { kind: { DataType: 'String', StringValue: kind } };
    await owner.send(
      new PublishCommand({ TopicArn: topicArn, Message: kind, Subject: 'News', MessageAttributes: attributes }),
    );
  }
  expect(host.events).toMatchObject([
    {
      functionName: 'consumer',
      event: { Records: [{ EventSource: 'aws:sns', Sns: { Message: 'wanted', Subject: 'News' } }] },
    },
  ]);
  expect(host.events).toHaveLength(1);
  expect(recorder.sinks('mail').map((mail) => mail['text'])).toEqual(['wanted', 'unwanted']);
});
