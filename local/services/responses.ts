import { randomUUID } from 'node:crypto';
import type { ServiceResponse } from '../contract.ts';

/** The service's protocol decides the format. */
export class ServiceError extends Error {
  readonly code: string;
  readonly status: number;
  readonly members: Readonly<Record<string, unknown>>;
  readonly headers: Readonly<Record<string, string>> = {};

  constructor(code: string, message: string, status = 400, members: Readonly<Record<string, unknown>> = {}) {
    super(message);
    this.name = code;
    this.code = code;
    this.status = status;
    this.members = members;
  }
}

export type Protocol = 'json-1.0' | 'json-1.1' | 'rest-json' | 'query' | 'rest-xml';

export function jsonResponse(body: unknown, status = 200, type = 'application/x-amz-json-1.1'): ServiceResponse {
  return { status, headers: { 'content-type': type }, body: JSON.stringify(body) };
}

/** STS, SNS, CloudFormation: `<XResponse><XResult>…`. */
export function queryResponse(operation: string, namespace: string, result: string): ServiceResponse {
  return {
    status: 200,
    headers: { 'content-type': 'text/xml' },
    body:
      `<${operation}Response xmlns="${namespace}"><${operation}Result>${result}</${operation}Result>` +
      `<ResponseMetadata><RequestId>${randomUUID()}</RequestId></ResponseMetadata></${operation}Response>`,
  };
}

export function xmlText(value: string): string {
  return value.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}

export function errorResponse(protocol: Protocol, error: ServiceError): ServiceResponse {
  const response = bareErrorResponse(protocol, error);
  return { ...response, headers: { ...response.headers, ...error.headers }, errorCode: error.code };
}

function bareErrorResponse(protocol: Protocol, error: ServiceError): ServiceResponse {
  const { code, message, status, members } = error;
  switch (protocol) {
    case 'json-1.0':
    case 'json-1.1':
      return {
        status,
        headers: { 'content-type': `application/x-amz-${protocol}`, 'x-amzn-requestid': randomUUID() },
        // SDKs read both spellings.
        body: JSON.stringify({ __type: code, message, Message: message, ...members }),
      };
    case 'rest-json':
      return {
        status,
        headers: {
          'content-type': 'application/json',
          'x-amzn-errortype': code,
          'x-amzn-requestid': randomUUID(),
        },
        body: JSON.stringify({ message, Message: message, ...members }),
      };
    case 'query': {
      const fault = status >= 500 ? 'Receiver' : 'Sender';
      return {
        status,
        headers: { 'content-type': 'text/xml' },
        body:
          `<ErrorResponse><Error><Type>${fault}</Type><Code>${code}</Code><Message>${xmlText(message)}</Message></Error>` +
          `<RequestId>${randomUUID()}</RequestId></ErrorResponse>`,
      };
    }
    case 'rest-xml':
      return {
        status,
        headers: { 'content-type': 'application/xml' },
        body:
          `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${code}</Code><Message>${xmlText(message)}</Message>` +
          Object.entries(members)
            .map(([name, value]) => `<${name}>${xmlText(String(value))}</${name}>`)
            .join('') +
          `<RequestId>${randomUUID()}</RequestId></Error>`,
      };
  }
}
