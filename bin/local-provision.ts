import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import type { LocalRun } from '../local/contract.ts';
import type { ProvisioningResult } from '../shared/features/provisioning/commands.ts';
import type { Provision } from './seed.ts';

export function localProvision(run: LocalRun): Provision {
  const outputs = Object.values(run.assembly.outputs).flatMap((stack) => Object.entries(stack));
  const functionName = outputs.find(([name]) => name === 'ProvisionFunctionName')?.[1];
  if (functionName === undefined) throw new Error('The stacks have no output ProvisionFunctionName');
  const lambda = new LambdaClient({
    endpoint: run.aws.url,
    region: run.assembly.region,
    credentials: run.aws.ownerCredentials,
  });
  return async (command) => {
    const answer = await lambda.send(
      new InvokeCommand({ FunctionName: functionName, Payload: Buffer.from(JSON.stringify(command)) }),
    );
    const text = Buffer.from(answer.Payload ?? []).toString();
    if (answer.FunctionError !== undefined) throw new Error(`The function provision failed: ${text}`);
    return JSON.parse(text) as ProvisioningResult;
  };
}
