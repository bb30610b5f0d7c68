import { RemovalPolicy, Validations } from 'aws-cdk-lib';
import { CfnAccount } from 'aws-cdk-lib/aws-apigateway';
import { type CfnRoute, CfnStage } from 'aws-cdk-lib/aws-apigatewayv2';
import { ManagedPolicy, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { type Route, routeKey } from '../../shared/contract/kit/define-route.ts';
import type { Stage } from '../settings.ts';
import { accessLog } from './access-logs.ts';
import { throttlingOf } from './throttling.ts';

export function httpStage(
  scope: Construct,
  stage: Stage,
  apiId: string,
  routes: readonly CfnRoute[],
  authRoutes: readonly Route[],
): CfnStage {
  const throttling = throttlingOf(stage.settings);
  const created = new CfnStage(scope, 'HttpStage', {
    apiId,
    stageName: '$default',
    autoDeploy: true,
    accessLogSettings: accessLog(scope, stage, 'http'),
    defaultRouteSettings: {
      throttlingRateLimit: throttling.http.rate,
      throttlingBurstLimit: throttling.http.burst,
    },
    routeSettings: Object.fromEntries(
      authRoutes.map((route) => [
        routeKey(route),
        { ThrottlingRateLimit: throttling.auth.rate, ThrottlingBurstLimit: throttling.auth.burst },
      ]),
    ),
  });
  // API Gateway rejects settings of a missing route.
  for (const route of routes) created.addResourceDependency(route);
  return created;
}

export function socketStage(
  scope: Construct,
  stage: Stage,
  apiId: string,
  stageName: string,
  routes: readonly CfnRoute[],
): CfnStage {
  const throttling = throttlingOf(stage.settings);
  const created = new CfnStage(scope, 'SocketStage', {
    apiId,
    stageName,
    autoDeploy: true,
    accessLogSettings: accessLog(scope, stage, 'socket'),
    defaultRouteSettings: {
      throttlingRateLimit: throttling.socket.rate,
      throttlingBurstLimit: throttling.socket.burst,
      // Both would log frames and addresses, which may contain tokens.
      dataTraceEnabled: false,
      loggingLevel: 'OFF',
    },
  });
  for (const route of routes) created.addResourceDependency(route);
  if (stage.settings.manageApiGatewayAccount) created.addResourceDependency(loggingAccount(scope));
  return created;
}

/**
 * Without one role per account and region, API Gateway rejects the stage: "CloudWatch Logs role ARN must be set in
 * account settings to enable logging".
 */
function loggingAccount(scope: Construct): CfnAccount {
  const role = new Role(scope, 'LoggingRole', {
    assumedBy: new ServicePrincipal('apigateway.amazonaws.com'),
    managedPolicies: [ManagedPolicy.fromAwsManagedPolicyName('service-role/AmazonAPIGatewayPushToCloudWatchLogs')],
  });
  Validations.of(role).acknowledge({
    id: 'AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs]',
    reason: 'API Gateway accepts only a role with the rights of this policy as the account’s logging role',
  });
  const account = new CfnAccount(scope, 'LoggingAccount', { cloudWatchRoleArn: role.roleArn });
  // Other stages and APIs may use this role. Its generated name cannot conflict.
  role.applyRemovalPolicy(RemovalPolicy.RETAIN);
  account.applyRemovalPolicy(RemovalPolicy.RETAIN);
  return account;
}
