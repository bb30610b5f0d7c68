import { type App, CfnOutput, DefaultStackSynthesizer, type IStackSynthesizer, Validations } from 'aws-cdk-lib';
import type { Code } from 'aws-cdk-lib/aws-lambda';
import { AwsSolutionsChecks, ServerlessChecks } from 'cdk-nag';
import { tableSchema } from '../shared/core/table/schema.ts';
import { edgeName } from './edge/edge-name.ts';
import { type FunctionName, functionNameOf, functionNames } from './functions/definitions.ts';
import type { GrantTargets } from './functions/grant-targets.ts';
import { onlyThroughDistribution, type Stage } from './settings.ts';
import { ApiStack } from './stacks/api-stack.ts';
import { DataStack } from './stacks/data-stack.ts';
import { EdgeStack } from './stacks/edge-stack.ts';
import { EventsStack } from './stacks/events-stack.ts';
import { ObservabilityStack } from './stacks/observability-stack.ts';
import { RoutesStack } from './stacks/routes-stack.ts';
import { WebAclStack } from './stacks/web-acl-stack.ts';

export interface ApplicationProps {
  readonly stage: Stage;
  readonly code: (name: FunctionName) => Code;
  readonly siteDirectory: string | undefined;
  readonly checks: boolean;
}

export function addStacks(app: App, props: ApplicationProps) {
  const { stage, code } = props;
  const common = (part: string) => ({
    stage,
    env: { region: stage.settings.region },
    stackName: `${stage.prefix}-${part}`,
    description: `Switchboard (${stage.name}): ${part}`,
    tags: { application: 'switchboard', stage: stage.name },
    terminationProtection: stage.settings.retainData && part === 'data',
    synthesizer: new DefaultStackSynthesizer({ generateBootstrapVersionRule: false }) as IStackSynthesizer,
  });
  const data = new DataStack(app, 'data', common('data'));
  const edge = new EdgeStack(app, 'edge', {
    ...common('edge'),
    siteDirectory: props.siteDirectory,
    filesBucketName: data.filesBucket.bucketName,
  });
  if (stage.settings.webAcl) {
    // CloudFront accepts web ACLs of us-east-1 only.
    const webAcl = new WebAclStack(app, 'web-acl', {
      ...common('web-acl'),
      env: { region: 'us-east-1' },
      // Stages of all regions have their web ACLs in us-east-1.
      stackName: edgeName(stage, 'web-acl'),
    });
    // AWS deletes no web ACL in use, so the distribution goes first.
    edge.addStackDependency(webAcl);
  }
  const targets: GrantTargets = {
    stagePrefix: stage.prefix,
    table: data.table,
    keysTable: data.keysTable,
    tableKey: data.tableKey,
    dataKey: data.dataKey,
    filesBucket: data.filesBucket,
    filesBucketFinding: data.filesBucketFinding,
    filesKey: data.filesKey,
    recordsBucket: data.recordsBucket,
    recordsBucketFinding: data.recordsBucketFinding,
    recordsKey: data.recordsKey,
    publicUrl: edge.publicUrl,
    socketEndpoint: edge.socketEndpoint,
    socketStageArn: edge.socketStageArn,
    socketStageFinding: edge.socketStageFinding,
    mailFrom: stage.settings.mailFrom,
    originKey: edge.originKey,
    onlyThroughDistribution: onlyThroughDistribution(stage),
  };
  new CfnOutput(data, 'TableName', { value: data.table.tableName });
  new CfnOutput(data, 'KeysTableName', { value: data.keysTable.tableName });
  new CfnOutput(data, 'FilesBucketName', { value: data.filesBucket.bucketName });
  new CfnOutput(data, 'RecordsBucketName', { value: data.recordsBucket.bucketName });
  const api = new ApiStack(app, 'api', { ...common('api'), edge, targets, code });
  const routes = new RoutesStack(app, 'routes', { ...common('routes'), edge });
  routes.addStackDependency(api);
  const events = new EventsStack(app, 'events', { ...common('events'), targets, code });
  const observability = new ObservabilityStack(app, 'observability', {
    ...common('observability'),
    sources: {
      prefix: stage.prefix,
      functionNames: functionNames.map((name) => functionNameOf(stage, name)),
      httpApiId: edge.httpApi.ref,
      socketApiId: edge.socketApi.ref,
      socketStage: edge.socketStage,
      tableName: data.table.tableName,
      indexNames: Object.values(tableSchema.indexes).map((index) => index.name),
      keysTableName: data.keysTable.tableName,
      eventBusName: stage.prefix,
      ruleNames: events.consumers.map((consumer) => consumer.ruleName),
    },
    queues: {
      consumerQueues: [...events.consumers, events.mailFeedback].map(({ queueName }) => queueName),
      timersQueue: events.timers.queueName,
      timersGroup: events.timers.groupName,
      deadLetterQueues: [
        ...[events.stream, events.checkpoints, events.timers, events.lanes, events.mailFeedback],
        ...events.consumers,
      ].map((source) => source.deadLetterQueueName),
    },
  });

  if (props.checks) Validations.of(app).addPlugins(new AwsSolutionsChecks(app), new ServerlessChecks(app));
  return { data, edge, api, routes, events, observability };
}
