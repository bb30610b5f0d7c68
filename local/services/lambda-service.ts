import type { FunctionHost, InvocationOutcome, Service, ServiceResponse } from '../contract.ts';
import { ServiceError } from './responses.ts';

/** https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html */
export function lambdaService(functions: () => FunctionHost | undefined): Service {
  return async ({ operation, path, headers, body }) => {
    if (operation !== 'Invoke') {
      throw new ServiceError('InvalidRequestContentException', `The local run does not support this Lambda operation.`);
    }
    const host = functions();
    const named = decodeURIComponent(path.split('/')[3] ?? '');
    const name = (named.split(':function:').at(-1) ?? named).split(':', 1)[0] ?? '';
    if (host?.definitions.some((definition) => definition.name === name) !== true) {
      throw new ServiceError('ResourceNotFoundException', `Function not found: ${named}`, 404);
    }
    const event = parse(body);
    switch (headers['x-amz-invocation-type'] ?? 'RequestResponse') {
      case 'DryRun':
        return { status: 204, headers: {}, body: '' };
      case 'Event':
        host.invokeEvent(name, event, 'invoke');
        return { status: 202, headers: {}, body: '' };
      default:
        return answer(await host.invoke(name, event, 'invoke'));
    }
  };
}

function parse(body: Buffer): unknown {
  if (body.length === 0) return {};
  try {
    return JSON.parse(body.toString());
  } catch (cause) {
    const message = `Could not parse request body into json: ${String(cause)}`;
    throw new ServiceError('InvalidRequestContentException', message);
  }
}

function answer(outcome: InvocationOutcome): ServiceResponse {
  const headers = { 'content-type': 'application/json', 'x-amz-executed-version': '$LATEST' };
  if (outcome.kind === 'returned') {
    return { status: 200, headers, body: JSON.stringify(outcome.payload ?? null) };
  }
  return {
    status: 200,
    headers: { ...headers, 'x-amz-function-error': 'Unhandled' },
    body: JSON.stringify(errorOf(outcome)),
  };
}

function errorOf(outcome: Exclude<InvocationOutcome, { kind: 'returned' }>): Record<string, unknown> {
  switch (outcome.kind) {
    case 'failed':
      return { errorType: outcome.errorType, errorMessage: outcome.message, trace: outcome.trace };
    case 'timed-out':
      return {
        errorType: 'Sandbox.Timedout',
        errorMessage: `Task timed out after ${(outcome.afterMs / 1000).toFixed(2)} seconds`,
      };
    case 'crashed':
      return { errorType: 'Runtime.ExitError', errorMessage: `Runtime exited: ${outcome.reason}` };
  }
}
