import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openPushEndpoints, type PushEndpoints } from '../services/messaging/push-endpoints.ts';

type Fields = Readonly<Record<string, string>>;

let directory: string;
let push: PushEndpoints;
let pushed: Readonly<Record<string, unknown>>[];

function open(): PushEndpoints {
  const account = { region: 'eu-west-1', accountId: '000000000000' };
  return openPushEndpoints({ dataDirectory: directory, ...account, pushed: (entry) => pushed.push(entry) });
}

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'push-'));
  pushed = [];
  push = open();
});

afterEach(() => rmSync(directory, { recursive: true, force: true }));

function ask(operation: string, input: Fields): string {
  return String(push.handle(operation, input).body);
}

const arnIn = (xml: string): string => /arn:[^<]+/.exec(xml)?.[0] ?? '';
const entry = (key: string, value: string, index = 1): Fields => ({
  [`Attributes.entry.${index}.key`]: key,
  [`Attributes.entry.${index}.value`]: value,
});
const attribute = (name: string, value: string, index = 1): Fields => ({
  [`MessageAttributes.entry.${index}.Name`]: name,
  [`MessageAttributes.entry.${index}.Value.DataType`]: 'String',
  [`MessageAttributes.entry.${index}.Value.StringValue`]: value,
});

function application(platform: 'GCM' | 'APNS'): string {
  const credential = platform === 'GCM' ? '{"type":"service_account"}' : 'key';
  const credentials = { ...entry('PlatformCredential', credential), ...entry('PlatformPrincipal', 'ABC', 2) };
  return arnIn(ask('CreatePlatformApplication', { Name: 'phones', Platform: platform, ...credentials }));
}

function endpoint(applicationArn: string, Token: string, CustomUserData = ''): string {
  return arnIn(ask('CreatePlatformEndpoint', { PlatformApplicationArn: applicationArn, Token, CustomUserData }));
}

const alert = JSON.stringify({ default: 'd', APNS: JSON.stringify({ aps: { alert: 'a' } }) });
const publish = (TargetArn: string, Message: string, more: Fields = {}) =>
  ask('Publish', { TargetArn, Message, MessageStructure: 'json', ...more });

describe('an endpoint', () => {
  it('is created once for a token, whose case APNs ignores', () => {
    const arn = endpoint(application('APNS'), 'ABCDEF0123456789');
    expect(endpoint(application('APNS'), 'abcdef0123456789')).toBe(arn);
    expect(ask('GetEndpointAttributes', { EndpointArn: arn })).toContain('<value>abcdef0123456789</value>');
  });

  it('is named by the refusal of other attributes, also while it is disabled', () => {
    const phones = application('GCM');
    const arn = endpoint(phones, 'token');
    const expected = `Endpoint ${arn} already exists with the same Token, but different attributes.`;
    expect(() => endpoint(phones, 'token', 'other')).toThrow(expected);
    ask('SetEndpointAttributes', { EndpointArn: arn, ...entry('Enabled', 'false') });
    expect(() => endpoint(phones, 'token')).toThrow(expected);
  });

  it('is gone after its deletion, or that of its application, and survives a restart before', () => {
    const phones = application('GCM');
    const [first, second] = [endpoint(phones, 'one'), endpoint(phones, 'two')];
    ask('DeleteEndpoint', { EndpointArn: first });
    push = open();
    expect(() => ask('GetEndpointAttributes', { EndpointArn: first })).toThrow('Endpoint does not exist');
    expect(ask('GetEndpointAttributes', { EndpointArn: second })).toContain('two');
    ask('DeletePlatformApplication', { PlatformApplicationArn: phones });
    expect(() => ask('GetEndpointAttributes', { EndpointArn: second })).toThrow('Endpoint does not exist');
    expect(() => endpoint(phones, 'three')).toThrow('PlatformApplication does not exist');
  });

  it.each(['', 'xyz', 'a'.repeat(402)])('refuses %j as a token of APNs', (token) => {
    const phones = application('APNS');
    expect(() => endpoint(phones, token)).toThrow('Invalid parameter: Token');
  });
});

describe('an application', () => {
  it.each(['AIza-key', '{"project_info":{}}'])('refuses %j as credentials of FCM', (credential) => {
    const input = { Name: 'phones', Platform: 'GCM', ...entry('PlatformCredential', credential) };
    expect(() => ask('CreatePlatformApplication', input)).toThrow('Platform credentials are invalid');
  });

  it('never returns its credentials', () => {
    application('APNS');
    expect(ask('ListPlatformApplications', {})).not.toContain('PlatformCredential');
  });
});

describe('a publish', () => {
  it('sends the text of the platform, with its attributes', () => {
    publish(endpoint(application('APNS'), 'abcdef01'), alert, attribute('AWS.SNS.MOBILE.APNS.PUSH_TYPE', 'alert'));
    expect(pushed).toMatchObject([
      { platform: 'APNS', message: '{"aps":{"alert":"a"}}', attributes: { 'AWS.SNS.MOBILE.APNS.PUSH_TYPE': 'alert' } },
    ]);
  });

  it.each([
    ['without a default', '{"APNS":"{}"}', {}, 'No default entry'],
    ['that is no JSON', 'hello', {}, 'failed to parse'],
    ['of more than 4096 bytes', alert.replace('"a\\"', `"${'x'.repeat(4100)}\\"`), {}, 'too long'],
    ['with another push type', alert, attribute('AWS.SNS.MOBILE.APNS.PUSH_TYPE', 'background'), 'PUSH_TYPE'],
    ['with a long collapse id', alert, attribute('AWS.SNS.MOBILE.APNS.COLLAPSE_ID', 'x'.repeat(65)), 'COLLAPSE_ID'],
    ['with a life that is no number', alert, attribute('AWS.SNS.MOBILE.APNS.TTL', '1h'), 'APNS.TTL'],
  ])('refuses a message %s', (_name, message, attributes, refusal) => {
    const arn = endpoint(application('APNS'), 'abcdef01');
    expect(() => publish(arn, message, attributes)).toThrow(refusal);
    expect(pushed).toEqual([]);
  });

  it('is refused for disabled endpoints and applications', () => {
    const phones = application('APNS');
    const arn = endpoint(phones, 'abcdef01');
    ask('SetEndpointAttributes', { EndpointArn: arn, ...entry('Enabled', 'false') });
    expect(() => publish(arn, alert)).toThrow('Endpoint is disabled');
    ask('SetPlatformApplicationAttributes', { PlatformApplicationArn: phones, ...entry('Enabled', 'false') });
    expect(() => publish(arn, alert)).toThrow('Platform application is disabled');
  });
});
