import { createHash, randomUUID } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ServiceResponse } from '../../contract.ts';
import { queryResponse, ServiceError, xmlText } from '../responses.ts';
import { checkApplication, checkMessageAttributes, checkToken, messageFor, platformOf } from './push-rules.ts';
import { messageAttributes } from './topic-service.ts';

type Fields = Readonly<Record<string, string>>;
type Attributes = Readonly<Record<string, string>>;

/** Messages go to a sink. */
export interface PushEndpoints {
  handles(operation: string, input: Fields): boolean;
  handle(operation: string, input: Fields): ServiceResponse;
}

interface Application {
  readonly arn: string;
  /** Without credentials, which never reach a file. */
  attributes: Attributes;
  /** Of the attributes with which it was created. */
  readonly digest: string;
}

interface Endpoint {
  readonly arn: string;
  readonly applicationArn: string;
  token: string;
  enabled: boolean;
  userData: string;
}

interface Stored {
  readonly applications: readonly Application[];
  readonly endpoints: readonly Endpoint[];
}

const operations = new Set([
  'CreatePlatformApplication',
  'CreatePlatformEndpoint',
  'DeleteEndpoint',
  'DeletePlatformApplication',
  'GetEndpointAttributes',
  'GetPlatformApplicationAttributes',
  'ListEndpointsByPlatformApplication',
  'ListPlatformApplications',
  'SetEndpointAttributes',
  'SetPlatformApplicationAttributes',
]);

const namespace = 'http://sns.amazonaws.com/doc/2010-03-31/';

/** AWS returns none of them. */
const secretAttributes: ReadonlySet<string> = new Set(['PlatformCredential', 'PlatformPrincipal']);

/** In `<dataDirectory>/push-endpoints.json`. */
export function openPushEndpoints(options: {
  readonly dataDirectory: string;
  readonly region: string;
  readonly accountId: string;
  readonly pushed: (entry: Readonly<Record<string, unknown>>) => void;
}): PushEndpoints {
  const path = join(options.dataDirectory, 'push-endpoints.json');
  const stored = readStored(path);
  const applications = new Map(stored.applications.map((application) => [application.arn, application]));
  const endpoints = new Map(stored.endpoints.map((endpoint) => [endpoint.arn, endpoint]));
  const save = (): void => {
    const next: Stored = { applications: [...applications.values()], endpoints: [...endpoints.values()] };
    writeFileSync(path, JSON.stringify(next), { mode: 0o600 });
  };
  const findApplication = (arn = ''): Application => {
    const application = applications.get(arn);
    if (application === undefined) throw new ServiceError('NotFound', 'PlatformApplication does not exist', 404);
    return application;
  };
  const find = (arn = ''): Endpoint => {
    if (!arn.includes(':endpoint/')) throw invalid('EndpointArn Reason: An ARN must be of an endpoint');
    const endpoint = endpoints.get(arn);
    if (endpoint === undefined) throw new ServiceError('NotFound', 'Endpoint does not exist', 404);
    return endpoint;
  };
  const ofToken = (applicationArn: string, token: string): Endpoint | undefined =>
    [...endpoints.values()].find(
      (endpoint) =>
        endpoint.applicationArn === applicationArn && sameToken(platformOf(applicationArn), endpoint.token, token),
    );
  const existsAlready = ({ arn }: Endpoint): ServiceError =>
    invalid(`Token Reason: Endpoint ${arn} already exists with the same Token, but different attributes.`);

  const handlers: Readonly<Record<string, (input: Fields) => ServiceResponse>> = {
    CreatePlatformApplication: (input) => {
      const given = attributesIn(input);
      checkApplication(input['Name'] ?? '', input['Platform'] ?? '', given);
      const arn = `arn:aws:sns:${options.region}:${options.accountId}:app/${input['Platform']}/${input['Name']}`;
      const digest = createHash('sha256')
        .update(JSON.stringify(Object.entries(given).sort()))
        .digest('hex');
      const existing = applications.get(arn);
      if (existing !== undefined && existing.digest !== digest) {
        throw invalid('Attributes Reason: An application with the same name but different properties already exists');
      }
      applications.set(arn, existing ?? { arn, attributes: { Enabled: 'true', ...publicOf(given) }, digest });
      save();
      return answer('CreatePlatformApplication', `<PlatformApplicationArn>${xmlText(arn)}</PlatformApplicationArn>`);
    },
    SetPlatformApplicationAttributes: (input) => {
      const application = findApplication(input['PlatformApplicationArn']);
      const given = attributesIn(input);
      const isRenewed = given['PlatformCredential'] !== undefined;
      const enabled = isRenewed ? { Enabled: 'true' } : {};
      application.attributes = { ...application.attributes, ...enabled, ...publicOf(given) };
      save();
      return answer('SetPlatformApplicationAttributes', '');
    },
    GetPlatformApplicationAttributes: (input) => {
      const { attributes } = findApplication(input['PlatformApplicationArn']);
      return answer('GetPlatformApplicationAttributes', `<Attributes>${entries(attributes)}</Attributes>`);
    },
    ListPlatformApplications: () => {
      const members = [...applications.values()].map(
        ({ arn, attributes }) =>
          `<member><PlatformApplicationArn>${xmlText(arn)}</PlatformApplicationArn><Attributes>${entries(attributes)}</Attributes></member>`,
      );
      return answer('ListPlatformApplications', `<PlatformApplications>${members.join('')}</PlatformApplications>`);
    },
    /** With all endpoints. Succeeds without an application. */
    DeletePlatformApplication: (input) => {
      const arn = input['PlatformApplicationArn'] ?? '';
      applications.delete(arn);
      for (const endpoint of [...endpoints.values()]) {
        if (endpoint.applicationArn === arn) endpoints.delete(endpoint.arn);
      }
      save();
      return answer('DeletePlatformApplication', '');
    },
    CreatePlatformEndpoint: (input) => {
      const application = findApplication(input['PlatformApplicationArn']);
      const token = input['Token'] ?? '';
      checkToken(platformOf(application.arn), token);
      const same = ofToken(application.arn, token);
      const userData = input['CustomUserData'] ?? '';
      const enabled = attributesIn(input)['Enabled'] !== 'false';
      if (same !== undefined && (same.userData !== userData || same.enabled !== enabled)) throw existsAlready(same);
      const arn = same?.arn ?? `${application.arn.replace(':app/', ':endpoint/')}/${randomUUID()}`;
      if (same === undefined) {
        endpoints.set(arn, { arn, applicationArn: application.arn, token, enabled, userData });
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
      const { token, enabled, userData, applicationArn } = find(input['EndpointArn']);
      // https://docs.aws.amazon.com/sns/latest/api/API_GetEndpointAttributes.html
      const shown = platformOf(applicationArn).startsWith('APNS') ? token.toLowerCase() : token;
      const attributes = { Token: shown, Enabled: String(enabled), CustomUserData: userData };
      return answer('GetEndpointAttributes', `<Attributes>${entries(attributes)}</Attributes>`);
    },
    SetEndpointAttributes: (input) => {
      const endpoint = find(input['EndpointArn']);
      const { Token: token, Enabled: enabled, CustomUserData: userData } = attributesIn(input);
      if (token !== undefined) {
        checkToken(platformOf(endpoint.applicationArn), token);
        const other = ofToken(endpoint.applicationArn, token);
        if (other !== undefined && other !== endpoint) throw existsAlready(other);
        endpoint.token = token;
      }
      if (enabled !== undefined) endpoint.enabled = enabled === 'true';
      if (userData !== undefined) endpoint.userData = userData;
      save();
      return answer('SetEndpointAttributes', '');
    },
    ListEndpointsByPlatformApplication: (input) => {
      const { arn } = findApplication(input['PlatformApplicationArn']);
      const members = [...endpoints.values()]
        .filter((endpoint) => endpoint.applicationArn === arn)
        .map((endpoint) => `<member><EndpointArn>${xmlText(endpoint.arn)}</EndpointArn></member>`);
      return answer('ListEndpointsByPlatformApplication', `<Endpoints>${members.join('')}</Endpoints>`);
    },
    Publish: (input) => {
      const at = new Date().toISOString();
      const messageId = randomUUID();
      if (input['PhoneNumber'] === undefined) {
        const { arn, token, enabled, applicationArn } = find(input['TargetArn']);
        if (applications.get(applicationArn)?.attributes['Enabled'] === 'false') {
          throw new ServiceError('PlatformApplicationDisabled', 'Platform application is disabled');
        }
        if (!enabled) throw new ServiceError('EndpointDisabled', 'Endpoint is disabled');
        const platform = platformOf(applicationArn);
        const message = messageFor(platform, input);
        const attributes = messageAttributes(input, 'MessageAttributes.entry.');
        checkMessageAttributes(platform, message, attributes);
        const values = Object.entries(attributes).map(([name, { StringValue = '' }]) => [name, StringValue]);
        const shown = { platform, message, attributes: Object.fromEntries(values) as Attributes };
        options.pushed({ at, messageId, kind: 'push', endpointArn: arn, token, ...shown });
      } else {
        const message = input['Message'];
        options.pushed({ at, messageId, kind: 'sms', phoneNumber: input['PhoneNumber'], message });
      }
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

/** Files of earlier versions contain a list of endpoints, whose applications did not exist. */
function readStored(path: string): Stored {
  const stored: unknown = existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : [];
  return Array.isArray(stored) ? { applications: [], endpoints: [] } : (stored as Stored);
}

function sameToken(platform: string, one: string, other: string): boolean {
  return platform.startsWith('APNS') ? one.toLowerCase() === other.toLowerCase() : one === other;
}

function isEndpoint(arn: string | undefined): boolean {
  return arn?.includes(':endpoint/') === true;
}

function attributesIn(input: Fields): Attributes {
  const attributes: Record<string, string> = {};
  for (let index = 1; ; index += 1) {
    const name = input[`Attributes.entry.${index}.key`];
    if (name === undefined) return attributes;
    attributes[name] = input[`Attributes.entry.${index}.value`] ?? '';
  }
}

function publicOf(attributes: Attributes): Attributes {
  return Object.fromEntries(Object.entries(attributes).filter(([name]) => !secretAttributes.has(name)));
}

function invalid(reason: string): ServiceError {
  return new ServiceError('InvalidParameter', `Invalid parameter: ${reason}`);
}

function entries(attributes: Attributes): string {
  return Object.entries(attributes)
    .map(([key, value]) => `<entry><key>${xmlText(key)}</key><value>${xmlText(value)}</value></entry>`)
    .join('');
}

function answer(operation: string, result: string): ServiceResponse {
  return queryResponse(operation, namespace, result);
}
