import { Duration, RemovalPolicy, Validations } from 'aws-cdk-lib';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import {
  ApplicationLogLevel,
  Architecture,
  type Code,
  Function as LambdaFunction,
  LoggingFormat,
  Runtime,
  SystemLogLevel,
  Tracing,
} from 'aws-cdk-lib/aws-lambda';
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { Stage } from '../settings.ts';
import { type FunctionDefinition, functionDefinitions, type FunctionName, functionNameOf } from './definitions.ts';
import { acknowledgeFiles } from './file-statements.ts';
import { grantsOf } from './function-grants.ts';
import { acknowledgeRecords } from './record-statements.ts';
import type { GrantTargets } from './grant-targets.ts';
import { acknowledgeMail, acknowledgePushes, acknowledgeSchedules, environmentOf, statementsOf } from './grants.ts';
import { createTenantRole, worksForTenants } from './tenant-role.ts';

export interface ServiceFunctionProps {
  readonly stage: Stage;
  readonly name: FunctionName;
  readonly code: Code;
  readonly targets: GrantTargets;
}

export class ServiceFunction extends Construct {
  readonly definition: FunctionDefinition;
  readonly function: LambdaFunction;
  readonly physicalName: string;

  constructor(scope: Construct, props: ServiceFunctionProps) {
    super(scope, props.name);
    const { stage, name } = props;
    const definition: FunctionDefinition = functionDefinitions[name];
    const grants = grantsOf(name);
    this.definition = definition;
    this.physicalName = functionNameOf(stage, name);

    const logGroup = new LogGroup(this, 'Logs', {
      logGroupName: `/aws/lambda/${this.physicalName}`,
      retention: stage.settings.logRetentionDays as RetentionDays,
      // A retained log group would block the next deployment by its name.
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const role = new Role(this, 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
    logGroup.grantWrite(role);
    const tenantRole = worksForTenants(grants) ? createTenantRole(this, role, grants, props.targets) : undefined;
    for (const statement of statementsOf(grants, props.targets, tenantRole)) role.addToPolicy(statement);

    const reserved = stage.settings.reservedConcurrency[name];
    this.function = new LambdaFunction(this, 'Function', {
      functionName: this.physicalName,
      description: definition.description,
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      handler: 'index.handler',
      code: props.code,
      memorySize: definition.memoryMiB,
      timeout: Duration.seconds(definition.timeoutSeconds),
      environment: environmentOf(grants, props.targets, tenantRole),
      role,
      logGroup,
      // The code writes JSON lines itself. Omits START, END and REPORT lines, about 350 bytes.
      loggingFormat: LoggingFormat.JSON,
      applicationLogLevelV2: ApplicationLogLevel.INFO,
      systemLogLevelV2: SystemLogLevel.WARN,
      tracing: stage.settings.tracing ? Tracing.ACTIVE : Tracing.DISABLED,
      ...(reserved === undefined ? {} : { reservedConcurrentExecutions: reserved }),
    });

    if (tenantRole !== undefined) {
      acknowledgeFiles(tenantRole, grants, props.targets);
      acknowledgeRecords(tenantRole, grants, props.targets);
    }
    acknowledgeMail(role, grants, props.targets);
    acknowledgePushes(role, grants, props.targets);
    acknowledgeSchedules(role, grants, props.targets);
    if (stage.settings.tracing) {
      Validations.of(role).acknowledge({
        id: 'AwsSolutions-IAM5[Resource::*]',
        reason: 'X-Ray supports no narrower resource for PutTraceSegments and PutTelemetryRecords',
      });
    } else {
      Validations.of(this.function).acknowledge({
        id: 'Serverless-LambdaTracing',
        reason: 'Traces cost money for each request; the setting tracing disables them',
      });
    }
    for (const method of grants.sockets ?? []) {
      Validations.of(role).acknowledge({
        id: `AwsSolutions-IAM5[Resource::${props.targets.socketStageFinding}/${method}/@connections/*]`,
        reason: 'Connections have unknown names. The grant covers one method on one stage of one API',
      });
    }
    Validations.of(this.function).acknowledge({
      id: 'Serverless-LambdaDLQ',
      reason:
        'It has no asynchronous invocations: callers wait for the answer, and queues and streams have their own dead letters',
    });
  }
}
