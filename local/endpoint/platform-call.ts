import type { PlatformCallError, Service, ServiceResponse } from '../contract.ts';
import { ServiceError } from '../services/responses.ts';
import { protocols } from './protocols.ts';

const targets: Readonly<Record<string, string>> = {
  dynamodb: 'DynamoDB_20120810',
  dynamodbstreams: 'DynamoDBStreams_20120810',
  sqs: 'AmazonSQS',
  kms: 'TrentService',
  events: 'AWSEvents',
};

/** Bypasses access control, faults and the record. */
export async function platformCall(
  services: ReadonlyMap<string, Service>,
  name: string,
  operation: string,
  input: object,
): Promise<Record<string, unknown>> {
  const prefix = name === 'dynamodbstreams' ? 'dynamodb' : name;
  const service = services.get(prefix);
  if (service === undefined || targets[name] === undefined || protocols[prefix] === undefined) {
    throw new Error(`The platform cannot call ${name}.`);
  }
  const body = Buffer.from(JSON.stringify(input));
  const headers = { 'x-amz-target': `${targets[name]}.${operation}`, 'content-type': 'application/x-amz-json-1.0' };
  const query = new URLSearchParams();
  const call = { operation, method: 'POST', path: '/', query, headers, body, caller: undefined };
  let response: ServiceResponse;
  try {
    response = await service({ ...call, input: input as Record<string, unknown> });
  } catch (error) {
    if (error instanceof ServiceError) throw platformError(name, operation, error.status, error.code, error.message);
    throw error;
  }
  const answer = response.body.length === 0 ? {} : (JSON.parse(response.body.toString()) as Record<string, unknown>);
  if (response.status < 300) return answer;
  const code = typeof answer['__type'] === 'string' ? (answer['__type'].split('#').at(-1) ?? '') : 'Unknown';
  const message = answer['message'] ?? answer['Message'];
  throw platformError(name, operation, response.status, code, typeof message === 'string' ? message : '');
}

function platformError(
  service: string,
  operation: string,
  status: number,
  code: string,
  message: string,
): PlatformCallError {
  return Object.assign(new Error(`${service} ${operation}: ${code}: ${message}`), { code, status });
}
