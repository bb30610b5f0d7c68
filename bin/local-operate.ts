import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import type { LocalRun } from '../local/contract.ts';
import type { OperationResult } from '../shared/features/provisioning/operations.ts';
import type { Operate } from './seed.ts';

/** Runs commands of the function `operate` of a local run, the way the command line does on AWS. */
export function localOperate(run: LocalRun): Operate {
  const outputs = Object.values(run.assembly.outputs).flatMap((stack) => Object.entries(stack));
  const functionName = outputs.find(([name]) => name === 'OperateFunctionName')?.[1];
  if (functionName === undefined) throw new Error('The stacks have no output OperateFunctionName');
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
    if (answer.FunctionError !== undefined) throw new Error(`The function operate failed: ${text}`);
    return JSON.parse(text) as OperationResult;
  };
}
