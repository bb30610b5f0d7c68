import { createHash, randomUUID } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ServiceResponse } from '../../contract.ts';
import { queryResponse, ServiceError, xmlText } from '../responses.ts';

type Fields = Readonly<Record<string, string>>;

/** Messages go to a sink. */
export interface PushEndpoints {
  handles(operation: string, input: Fields): boolean;
  handle(operation: string, input: Fields): ServiceResponse;
}

interface Endpoint {
  readonly arn: string;
  readonly applicationArn: string;
  token: string;
  enabled: boolean;
  userData: string;
}

const operations = new Set([
  'CreatePlatformApplication',
  'CreatePlatformEndpoint',
  'DeleteEndpoint',
  'GetEndpointAttributes',
  'ListEndpointsByPlatformApplication',
  'SetEndpointAttributes',
]);

const namespace = 'http://sns.amazonaws.com/doc/2010-03-31/';

/** In `<dataDirectory>/push-endpoints.json`. */
export function openPushEndpoints(options: {
  readonly dataDirectory: string;
  readonly region: string;
  readonly accountId: string;
  readonly pushed: (entry: Readonly<Record<string, unknown>>) => void;
}): PushEndpoints {
  const path = join(options.dataDirectory, 'push-endpoints.json');
  const stored = existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as Endpoint[]) : [];
  const endpoints = new Map(stored.map((endpoint) => [endpoint.arn, endpoint]));
  const save = (): void => writeFileSync(path, JSON.stringify([...endpoints.values()]), { mode: 0o600 });
  const find = (arn: string | undefined): Endpoint => {
    const endpoint = endpoints.get(arn ?? '');
    if (endpoint === undefined) throw new ServiceError('NotFound', 'Endpoint does not exist', 404);
    return endpoint;
  };
  const applicationArn = (platform: string, name: string): string =>
    `arn:aws:sns:${options.region}:${options.accountId}:app/${platform}/${name}`;

  const handlers: Readonly<Record<string, (input: Fields) => ServiceResponse>> = {
    CreatePlatformApplication: (input) => {
      const arn = applicationArn(input['Platform'] ?? 'GCM', input['Name'] ?? '');
      return answer('CreatePlatformApplication', `<PlatformApplicationArn>${xmlText(arn)}</PlatformApplicationArn>`);
    },
    // Every application exists. AWS needs a vendor's key.
    CreatePlatformEndpoint: (input) => {
      const application = input['PlatformApplicationArn'] ?? '';
      const token = input['Token'] ?? '';
      if (!application.includes(':app/') || token === '') {
        throw new ServiceError('InvalidParameter', 'Invalid parameter: PlatformApplicationArn and Token are needed');
      }
      const same = [...endpoints.values()].find(
        (endpoint) => endpoint.applicationArn === application && endpoint.token === token,
      );
      const userData = input['CustomUserData'] ?? '';
      if (same !== undefined && same.userData !== userData) {
        throw new ServiceError(
          'InvalidParameter',
          `Invalid parameter: Token Reason: Endpoint ${same.arn} already exists with the same Token, but different attributes.`,
        );
      }
      const id = createHash('sha256').update(`${application} ${token}`).digest('hex').slice(0, 32);
      const arn = same?.arn ?? `${application.replace(':app/', ':endpoint/')}/${id}`;
      if (same === undefined) {
        endpoints.set(arn, { arn, applicationArn: application, token, enabled: true, userData });
        save();
      }
      return answer('CreatePlatformEndpoint', `<EndpointArn>${xmlText(arn)}</EndpointArn>`);
    },
    DeleteEndpoint: (input) => {
      endpoints.delete(input['EndpointArn'] ?? '');
      save();
      return answer('DeleteEndpoint', '');
    },
    GetEndpointAttributes: (input) => {
      const { token, enabled, userData } = find(input['EndpointArn']);
      const attributes = { Token: token, Enabled: String(enabled), CustomUserData: userData };
      return answer('GetEndpointAttributes', `<Attributes>${entries(attributes)}</Attributes>`);
    },
    SetEndpointAttributes: (input) => {
      const endpoint = find(input['EndpointArn']);
      for (let index = 1; input[`Attributes.entry.${index}.key`] !== undefined; index += 1) {
        const value = input[`Attributes.entry.${index}.value`] ?? '';
        const name = input[`Attributes.entry.${index}.key`];
        if (name === 'Token') endpoint.token = value;
        if (name === 'Enabled') endpoint.enabled = value === 'true';
        if (name === 'CustomUserData') endpoint.userData = value;
      }
      save();
      return answer('SetEndpointAttributes', '');
    },
    ListEndpointsByPlatformApplication: (input) => {
      const members = [...endpoints.values()]
        .filter((endpoint) => endpoint.applicationArn === input['PlatformApplicationArn'])
        .map((endpoint) => `<member><EndpointArn>${xmlText(endpoint.arn)}</EndpointArn></member>`);
      return answer('ListEndpointsByPlatformApplication', `<Endpoints>${members.join('')}</Endpoints>`);
    },
    Publish: (input) => {
      const at = new Date().toISOString();
      const message = messageFor(input);
      const messageId = randomUUID();
      if (input['PhoneNumber'] === undefined) {
        const endpoint = find(input['TargetArn']);
        if (!endpoint.enabled) throw new ServiceError('EndpointDisabled', 'Endpoint is disabled');
        const { arn, token } = endpoint;
        options.pushed({ at, messageId, kind: 'push', endpointArn: arn, token, message });
      } else options.pushed({ at, messageId, kind: 'sms', phoneNumber: input['PhoneNumber'], message });
      return answer('Publish', `<MessageId>${messageId}</MessageId>`);
    },
  };

  return {
    handles: (operation, input) =>
      operations.has(operation) ||
      (operation === 'Publish' && (input['PhoneNumber'] !== undefined || isEndpoint(input['TargetArn']))),
    handle: (operation, input) => {
      const handler = handlers[operation];
      if (handler === undefined) throw new ServiceError('InvalidAction', `Unknown action ${operation}`);
      return handler(input);
    },
  };
}

function isEndpoint(arn: string | undefined): boolean {
  return arn?.includes(':endpoint/') === true;
}

/** With `MessageStructure: json`, each platform has its own message. */
function messageFor(input: Fields): unknown {
  const message = input['Message'] ?? '';
  if (input['MessageStructure'] !== 'json') return message;
  try {
    return JSON.parse(message) as unknown;
  } catch (cause) {
    throw new ServiceError(
      'InvalidParameter',
      `Invalid parameter: Message Structure - JSON message body failed to parse: ${String(cause)}`,
    );
  }
}

function entries(attributes: Readonly<Record<string, string>>): string {
  return Object.entries(attributes)
    .map(([key, value]) => `<entry><key>${key}</key><value>${xmlText(value)}</value></entry>`)
    .join('');
}

function answer(operation: string, result: string): ServiceResponse {
  return queryResponse(operation, namespace, result);
}
