import { ArnFormat, Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { routesByFunction } from '../../shared/contract/registry.ts';
import { HttpRoutes } from '../api/http-routes.ts';
import { httpStage } from '../api/stages.ts';
import { type FunctionName, functionNameOf, httpFunctionNames } from '../functions/definitions.ts';
import { onlyThroughDistribution, type Stage } from '../settings.ts';
import type { EdgeStack } from './edge-stack.ts';

export interface RoutesStackProps extends StackProps {
  readonly stage: Stage;
  readonly edge: EdgeStack;
}

/**
 * The HTTP API's routes, apart from their functions, because a stack has at most 500 resources.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html
 */
export class RoutesStack extends Stack {
  constructor(scope: Construct, id: string, props: RoutesStackProps) {
    super(scope, id, props);
    const { stage, edge } = props;
    const apiId = edge.httpApi.ref;
    // Built from the names: CloudFormation lets no stack remove a function whose ARN another stack imports.
    const named = (name: FunctionName) => ({
      functionArn: this.formatArn({
        service: 'lambda',
        resource: 'function',
        resourceName: functionNameOf(stage, name),
        arnFormat: ArnFormat.COLON_RESOURCE_NAME,
      }),
    });
    const http = new HttpRoutes(this, 'Http', {
      apiId,
      authorizer: named('authorize-http'),
      onlyThroughDistribution: onlyThroughDistribution(stage),
      functions: httpFunctionNames.map((name) => ({ name, function: named(name), routes: routesByFunction[name] })),
      otherwise: 'health' satisfies FunctionName,
    });
    httpStage(this, stage, apiId, http.routes, routesByFunction.auth);
  }
}
