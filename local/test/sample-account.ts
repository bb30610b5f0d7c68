import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, CfnOutput, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as apigateway from 'aws-cdk-lib/aws-apigatewayv2';
import * as cloudfront from 'aws-cdk-lib/aws-cloudfront';
import * as origins from 'aws-cdk-lib/aws-cloudfront-origins';
import * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import * as events from 'aws-cdk-lib/aws-events';
import * as targets from 'aws-cdk-lib/aws-events-targets';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as sns from 'aws-cdk-lib/aws-sns';
import * as subscriptions from 'aws-cdk-lib/aws-sns-subscriptions';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import type { Assembly, Caller, FunctionDefinition, FunctionHost, InvocationOutcome } from '../contract.ts';
import { functionDefinitions } from '../template/function-definitions.ts';

export function temporaryDirectory(): { readonly path: string; readonly remove: () => void } {
  const path = mkdtempSync(join(tmpdir(), 'local-run-'));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

/** Synthesises two stacks with references across them. */
export function synthesiseSampleAccount(directory: string): string {
  const outdir = join(directory, 'cdk.out');
  const app = new App({ outdir, analyticsReporting: false });
  const data = new Stack(app, 'Data', { env: { region: 'eu-west-1' } });
  const key = new kms.Key(data, 'Key', { alias: 'alias/sample' });
  const signingKey = new kms.Key(data, 'SigningKey', {
    keySpec: kms.KeySpec.ECC_NIST_P256,
    keyUsage: kms.KeyUsage.SIGN_VERIFY,
  });
  const table = new dynamodb.TableV2(data, 'Table', {
    partitionKey: { name: 'pk', type: dynamodb.AttributeType.STRING },
    sortKey: { name: 'sk', type: dynamodb.AttributeType.STRING },
    globalSecondaryIndexes: [
      {
        indexName: 'byOwner',
        partitionKey: { name: 'owner', type: dynamodb.AttributeType.STRING },
        sortKey: { name: 'sk', type: dynamodb.AttributeType.STRING },
      },
    ],
    dynamoStream: dynamodb.StreamViewType.NEW_AND_OLD_IMAGES,
    timeToLiveAttribute: 'expiresAt',
    removalPolicy: RemovalPolicy.DESTROY,
  });
  const bucket = new s3.Bucket(data, 'Bucket', {
    encryption: s3.BucketEncryption.KMS,
    encryptionKey: key,
    enforceSSL: true,
    cors: [{ allowedOrigins: ['https://console.example'], allowedMethods: [s3.HttpMethods.POST, s3.HttpMethods.GET] }],
  });

  const work = new Stack(app, 'Work', { env: { region: 'eu-west-1' } });
  const deadLetters = new sqs.Queue(work, 'DeadLetters');
  const queue = new sqs.Queue(work, 'Queue', {
    visibilityTimeout: Duration.seconds(7),
    deadLetterQueue: { queue: deadLetters, maxReceiveCount: 2 },
  });
  const bus = new events.EventBus(work, 'Bus');
  new events.Rule(work, 'ToQueue', {
    eventBus: bus,
    eventPattern: { source: ['sample'], detailType: [{ prefix: 'message.' }] as unknown as string[] },
    targets: [new targets.SqsQueue(queue, { deadLetterQueue: deadLetters })],
  });
  const topic = new sns.Topic(work, 'Topic');
  topic.addSubscription(new subscriptions.SqsSubscription(queue, { rawMessageDelivery: true }));
  const socketApi = new apigateway.WebSocketApi(work, 'SocketApi');
  const socketStage = new apigateway.WebSocketStage(work, 'Live', {
    webSocketApi: socketApi,
    stageName: 'live',
    autoDeploy: true,
  });
  const httpApi = new apigateway.HttpApi(work, 'HttpApi');

  const code = join(directory, 'code');
  const handler = new lambda.Function(work, 'Handler', {
    runtime: lambda.Runtime.NODEJS_24_X,
    handler: 'index.handler',
    code: lambda.Code.fromAsset(writeCode(code)),
    timeout: Duration.seconds(5),
    memorySize: 256,
    environment: {
      TABLE_NAME: table.tableName,
      QUEUE_URL: queue.queueUrl,
      MANAGEMENT_ENDPOINT: socketStage.callbackUrl,
      HTTP_URL: httpApi.apiEndpoint,
      SOCKET_URL: socketStage.url,
    },
  });
  new events.Rule(work, 'ToHandler', {
    eventBus: bus,
    eventPattern: { source: ['sample'], detailType: ['handler.wanted'] },
    targets: [new targets.LambdaFunction(handler, { deadLetterQueue: deadLetters })],
  });
  grant(handler, [
    [['dynamodb:PutItem', 'dynamodb:GetItem', 'dynamodb:UpdateItem', 'dynamodb:ConditionCheckItem'], [table.tableArn]],
    [['dynamodb:Query'], [table.tableArn, `${table.tableArn}/index/*`]],
    [['kms:Sign', 'kms:GetPublicKey', 'kms:Verify'], [signingKey.keyArn]],
    [['sqs:SendMessage'], [queue.queueArn]],
    [['sns:Publish'], [topic.topicArn]],
    [['events:PutEvents'], [bus.eventBusArn]],
    [['s3:GetObject', 's3:PutObject'], [bucket.arnForObjects('*')]],
    [['ses:SendEmail'], ['*']],
  ]);
  handler.addToRolePolicy(
    new iam.PolicyStatement({
      actions: ['kms:GenerateDataKey', 'kms:Decrypt'],
      resources: [key.keyArn],
      conditions: { StringEquals: { 'kms:EncryptionContext:tenant': 'one' } },
    }),
  );
  socketStage.grantManagementApiAccess(handler);
  const tenantRole = new iam.Role(work, 'TenantRole', {
    assumedBy: new iam.ArnPrincipal(handler.role?.roleArn ?? '').withSessionTags(),
  });
  tenantRole.addToPolicy(
    new iam.PolicyStatement({
      actions: ['dynamodb:GetItem', 'dynamodb:PutItem'],
      resources: [table.tableArn],
      conditions: { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': ['T#${aws:PrincipalTag/tenant}#*'] } },
    }),
  );
  const distribution = new cloudfront.Distribution(work, 'Site', {
    defaultBehavior: { origin: new origins.HttpOrigin(`${httpApi.apiId}.execute-api.eu-west-1.amazonaws.com`) },
  });
  new CfnOutput(work, 'SiteAddress', { value: `https://${distribution.distributionDomainName}` });
  new CfnOutput(work, 'TenantRoleArn', { value: tenantRole.roleArn });
  new CfnOutput(work, 'BucketName', { value: bucket.bucketName });
  new CfnOutput(work, 'TopicArn', { value: topic.topicArn });
  new CfnOutput(work, 'BusName', { value: bus.eventBusName });
  app.synth();
  return outdir;
}

function grant(handler: lambda.Function, grants: readonly (readonly [readonly string[], readonly string[]])[]): void {
  for (const [actions, resources] of grants) {
    handler.addToRolePolicy(new iam.PolicyStatement({ actions: [...actions], resources: [...resources] }));
  }
}

export function writeCode(directory: string): string {
  mkdirSync(directory, { recursive: true });
  writeFileSync(join(directory, 'index.mjs'), 'export const handler = async (event) => event;\n');
  return directory;
}

export class HostOfNames implements FunctionHost {
  readonly definitions: readonly FunctionDefinition[];
  readonly killed: string[] = [];
  readonly invoked: { readonly functionName: string; readonly event: unknown }[] = [];
  outcome: InvocationOutcome = { kind: 'returned', payload: { done: true } };

  constructor(assembly: Assembly) {
    this.definitions = functionDefinitions(assembly);
  }

  invoke(functionName: string, event: unknown): Promise<InvocationOutcome> {
    this.invoked.push({ functionName, event });
    return Promise.resolve(this.outcome);
  }

  invokeEvent(functionName: string, event: unknown): void {
    this.invoked.push({ functionName, event });
  }

  /** Access key ids are `KEY-<function name>`. */
  caller(accessKeyId: string): Caller | undefined {
    const definition = this.definitions.find((entry) => `KEY-${entry.name}` === accessKeyId);
    if (definition === undefined) return undefined;
    const { name, roleArn } = definition;
    return { functionName: name, roleArn, environmentId: `environment of ${name}`, invocationId: 'invocation-1' };
  }

  kill(accessKeyId: string): void {
    this.killed.push(accessKeyId);
  }

  recycle(): Promise<void> {
    return Promise.resolve();
  }

  stop(): Promise<void> {
    return Promise.resolve();
  }
}
