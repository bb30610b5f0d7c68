import type { Service } from './endpoint.ts';

export interface OperationRequest {
  readonly method: 'POST' | 'DELETE';
  /** Percent-encoded, after the endpoint's own path. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array;
}

/**
 * One operation of a service with its input. Code outside of this folder names the classes `…Command`, from which
 * `npm run grants` derives its rights.
 */
export class AwsOperation<Output> {
  readonly service: Service;
  readonly name: string;
  readonly #request: OperationRequest;
  readonly #read: (answer: Buffer) => Output;

  constructor(service: Service, name: string, request: OperationRequest, read: (answer: Buffer) => Output) {
    this.service = service;
    this.name = name;
    this.#request = request;
    this.#read = read;
  }

  /** The same for all attempts. */
  get request(): OperationRequest {
    return this.#request;
  }

  read(answer: Buffer): Output {
    return this.#read(answer);
  }
}

/** By service. https://smithy.io/2.0/aws/protocols/aws-json-1_1-protocol.html */
const jsonProtocols = {
  dynamodb: { target: 'DynamoDB_20120810', type: 'application/x-amz-json-1.0' },
  events: { target: 'AWSEvents', type: 'application/x-amz-json-1.1' },
  kms: { target: 'TrentService', type: 'application/x-amz-json-1.1' },
} as const;

export class JsonOperation<Output> extends AwsOperation<Output> {
  constructor(
    service: keyof typeof jsonProtocols,
    name: string,
    input: object,
    read: (answer: Record<string, unknown>) => Output,
  ) {
    const { target, type } = jsonProtocols[service];
    const headers = { 'content-type': type, 'x-amz-target': `${target}.${name}` };
    super(service, name, { method: 'POST', path: '/', headers, body: JSON.stringify(input) }, (answer) =>
      read(parsed(answer, `${service} ${name}`)),
    );
  }
}

/** The parser's own message quotes the text, which may be a person's data. */
function parsed(answer: Buffer, call: string): Record<string, unknown> {
  try {
    return JSON.parse(answer.toString()) as Record<string, unknown>;
  } catch {
    throw new Error(`${call} was answered without JSON`);
  }
}
