import { afterAll, describe, expect, it } from 'vitest';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Assembly } from '../contract.ts';
import { loadAssembly } from '../template/assembly.ts';
import { functionDefinitions } from '../template/function-definitions.ts';
import { localAddresses } from '../template/local-addresses.ts';
import { synthesiseSampleAccount, temporaryDirectory } from './sample-account.ts';

const directory = temporaryDirectory();
const assembly = loadAssembly(synthesiseSampleAccount(directory.path));
afterAll(() => directory.remove());

function only(type: string, within: Assembly = assembly) {
  const [resource, ...others] = within.ofType(type);
  if (resource === undefined || others.length > 0) throw new Error(`There must be exactly one ${type}.`);
  return resource;
}

let written = 0;

function assemblyOf(resources: object, extra: object = {}): Assembly {
  const path = join(directory.path, `hand-written-${(written += 1)}`);
  mkdirSync(path);
  const artifacts = { Hand: { type: 'aws:cloudformation:stack', properties: { templateFile: 'Hand.json' } } };
  writeFileSync(join(path, 'manifest.json'), JSON.stringify({ version: '1', artifacts }));
  writeFileSync(join(path, 'Hand.json'), JSON.stringify({ Resources: resources, ...extra }));
  return loadAssembly(path);
}

describe('loadAssembly', () => {
  it('takes the region from the assembly, and uses its own account number', () => {
    expect(assembly.region).toBe('eu-west-1');
    expect(assembly.accountId).toBe('000000000000');
  });

  it('generates the same names each time', () => {
    const again = loadAssembly(assembly.directory);
    expect(again.resources.map((resource) => resource.physicalId)).toEqual(
      assembly.resources.map((resource) => resource.physicalId),
    );
  });

  it('resolves references across stacks', () => {
    const table = only('AWS::DynamoDB::GlobalTable');
    const [handler] = functionDefinitions(assembly);
    expect(table.stack).toBe('Data');
    expect(handler?.environment['TABLE_NAME']).toBe(table.physicalId);
  });

  it('resolves every intrinsic function', () => {
    expect(JSON.stringify(assembly.resources)).not.toMatch(/"(Ref|Fn::[A-Za-z0-9]+)":/);
  });

  it('finds resources by ARN and type', () => {
    const [queue] = assembly.ofType('AWS::SQS::Queue');
    expect(assembly.byArn(queue?.arn ?? '')).toBe(queue);
    expect(assembly.ofType('AWS::None::Such')).toEqual([]);
  });

  it('resolves outputs', () => {
    expect(assembly.outputs['Work']?.['SiteAddress']).toMatch(/^https:\/\/d[a-z0-9]{13}\.cloudfront\.net$/);
  });

  it('replaces another account number by its own', () => {
    expect(JSON.stringify(assembly.resources)).not.toMatch(/:(?!0{12})\d{12}:/);
  });

  it('resolves Select, Split, Sub, If, FindInMap and parameters', () => {
    const hand = assemblyOf(
      {
        Topic: {
          Type: 'AWS::SNS::Topic',
          Properties: {
            TopicName: { 'Fn::Select': ['1', { 'Fn::Split': ['/', 'a/b/c'] }] },
            DisplayName: { 'Fn::Sub': ['${Greeting} ${AWS::Region} ${Other.Arn} ${!Literal}', { Greeting: 'hello' }] },
            FifoTopic: { 'Fn::If': ['IsLarge', true, { Ref: 'AWS::NoValue' }] },
            Tags: [{ Key: 'size', Value: { 'Fn::FindInMap': ['Sizes', { Ref: 'Size' }, 'label'] } }],
          },
        },
        Other: { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'other' } },
        Absent: { Type: 'AWS::SQS::Queue', Condition: 'IsLarge' },
      },
      {
        Parameters: { Size: { Type: 'String', Default: 'small' } },
        Mappings: { Sizes: { small: { label: 'tiny' } } },
        Conditions: { IsLarge: { 'Fn::Equals': [{ Ref: 'Size' }, 'large'] } },
      },
    );
    const topic = only('AWS::SNS::Topic', hand);
    expect(topic.physicalId).toBe('arn:aws:sns:eu-central-1:000000000000:b');
    expect(topic.properties).toEqual({
      TopicName: 'b',
      DisplayName: 'hello eu-central-1 arn:aws:sqs:eu-central-1:000000000000:other ${Literal}',
      Tags: [{ Key: 'size', Value: 'tiny' }],
    });
    expect(hand.ofType('AWS::SQS::Queue').map((queue) => queue.logicalId)).toEqual(['Other']);
  });

  it.each([
    ['an unknown intrinsic', { Name: { 'Fn::Transform': {} } }, 'does not support Fn::Transform'],
    ['a reference to nothing', { Name: { Ref: 'Nobody' } }, 'Ref names Nobody'],
    ['an attribute of nothing', { Name: { 'Fn::GetAtt': ['Nobody', 'Arn'] } }, 'names Nobody'],
    [
      'an unknown attribute',
      { Name: { 'Fn::GetAtt': ['Bus', 'Colour'] } },
      'attribute Colour of AWS::Events::EventBus',
    ],
    ['a missing export', { Name: { 'Fn::ImportValue': 'nowhere' } }, 'no stack exports nowhere'],
  ])('names stack, resource and property of %s', (_what, properties, problem) => {
    const build = () =>
      assemblyOf({
        Bus: { Type: 'AWS::Events::EventBus', Properties: { Name: 'bus' } },
        Topic: { Type: 'AWS::SNS::Subscription', Properties: properties },
      });
    expect(build).toThrow(/^Hand: resource Topic, property Name/);
    expect(build).toThrow(problem);
  });

  it('suggests synthesising when there is no assembly', () => {
    expect(() => loadAssembly(join(directory.path, 'nowhere'))).toThrow('Synthesise the app first');
  });
});

describe('functionDefinitions', () => {
  it('reads the code, handler, role and settings that the host needs', () => {
    const definitions = functionDefinitions(assembly);
    const handler = definitions.find((definition) => definition.name.includes('Handler'));
    expect(handler).toMatchObject({ handler: 'index.handler', timeoutMs: 5000, memoryMiB: 256 });
    expect(handler?.roleArn).toMatch(/^arn:aws:iam::000000000000:role\/Work-HandlerServiceRole/);
    expect(handler?.codeDirectory).toContain('asset.');
  });

  it('excludes the provider of a custom resource, which runs at deployment only', () => {
    const helper = {
      Type: 'AWS::Lambda::Function',
      Properties: {
        FunctionName: 'helper',
        Runtime: 'nodejs24.x',
        Handler: 'index.handler',
        Role: 'r',
        Code: { S3Key: 'a' },
      },
    };
    const emptied = { Type: 'Custom::Emptied', Properties: { ServiceToken: { 'Fn::GetAtt': ['Helper', 'Arn'] } } };
    expect(functionDefinitions(assemblyOf({ Helper: helper, Emptied: emptied }))).toEqual([]);
    expect(() => functionDefinitions(assemblyOf({ Helper: helper }))).toThrow(/no asset manifest names its code a/);
  });
});

describe('localAddresses', () => {
  const rewrite = localAddresses(assembly, {
    awsUrl: 'http://127.0.0.1:4000',
    publicUrl: 'http://127.0.0.1:3000',
    socketUrl: 'ws://127.0.0.1:3000/ws',
  });
  const environment = functionDefinitions(assembly).find((entry) => entry.name.includes('Handler'))?.environment ?? {};

  it('sends management calls of the WebSocket API to the endpoint', () => {
    expect(rewrite(environment['MANAGEMENT_ENDPOINT'] ?? '')).toMatch(
      /^http:\/\/127\.0\.0\.1:4000\/execute-api\/[a-z0-9]{10}\/live$/,
    );
  });

  it('sends clients to the public port', () => {
    expect(rewrite(environment['HTTP_URL'] ?? '')).toBe('http://127.0.0.1:3000');
    expect(rewrite(environment['SOCKET_URL'] ?? '')).toBe('ws://127.0.0.1:3000/ws');
    expect(rewrite(assembly.outputs['Work']?.['SiteAddress'] ?? '')).toBe('http://127.0.0.1:3000');
  });

  it('sends queue calls to the endpoint', () => {
    expect(rewrite(environment['QUEUE_URL'] ?? '')).toMatch(/^http:\/\/127\.0\.0\.1:4000\/000000000000\/Work-Queue/);
  });

  it('keeps other addresses', () => {
    const foreign = 'https://abcdefghij.execute-api.eu-west-1.amazonaws.com/x and https://example.com';
    expect(rewrite(foreign)).toBe(foreign);
  });
});
