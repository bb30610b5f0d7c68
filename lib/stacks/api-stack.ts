import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib';
import type { Code } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import { createSigningKeys } from '../api/signing-keys.ts';
import { SocketRoutes } from '../api/socket-routes.ts';
import { socketStage } from '../api/stages.ts';
import { type FunctionName, httpFunctionNames } from '../functions/definitions.ts';
import type { GrantTargets } from '../functions/grant-targets.ts';
import { ServiceFunction } from '../functions/service-function.ts';
import type { Stage } from '../settings.ts';
import type { EdgeStack } from './edge-stack.ts';

export interface ApiStackProps extends StackProps {
  readonly stage: Stage;
  readonly edge: EdgeStack;
  readonly targets: GrantTargets;
  readonly code: (name: FunctionName) => Code;
}

export class ApiStack extends Stack {
  readonly functions: readonly ServiceFunction[];

  constructor(scope: Construct, id: string, props: ApiStackProps) {
    super(scope, id, props);
    const { stage, edge } = props;
    const targets = { ...props.targets, signingKeys: createSigningKeys(this, stage) };
    const functions: ServiceFunction[] = [];
    const create = (name: FunctionName) => {
      const created = new ServiceFunction(this, { stage, name, targets, code: props.code(name) });
      functions.push(created);
      return created.function;
    };

    create('authorize-http');
    for (const name of httpFunctionNames) create(name);
    const socket = new SocketRoutes(this, 'Socket', {
      apiId: edge.socketApi.ref,
      authorizer: create('authorize-socket'),
      connect: create('socket-connect'),
      disconnect: create('socket-disconnect'),
      message: create('socket-message'),
      action: create('socket-action'),
    });
    socketStage(this, stage, edge.socketApi.ref, edge.socketStage, socket.routes);

    const provision = create('provision');
    new CfnOutput(this, 'ProvisionFunctionName', {
      value: provision.functionName,
      description: 'The command line invokes this function to create tenants and admins',
    });
    this.functions = functions;
  }
}
