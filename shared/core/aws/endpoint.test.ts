import { afterEach, expect, it, vi } from 'vitest';
import { endpointOf, parsedEndpoint } from './endpoint.ts';

afterEach(() => {
  vi.unstubAllEnvs();
});

it.each([
  ['eu-central-1', 'dynamodb.eu-central-1.amazonaws.com'],
  ['us-gov-west-1', 'dynamodb.us-gov-west-1.amazonaws.com'],
  ['cn-north-1', 'dynamodb.cn-north-1.amazonaws.com.cn'],
])('is the host of the service in %s', (region, host) => {
  vi.stubEnv('AWS_REGION', region);
  expect(endpointOf('dynamodb')).toEqual({ isEncrypted: true, hostname: host, host, port: undefined, path: '' });
});

it('is that of the environment, of the service before that of all services', () => {
  vi.stubEnv('AWS_ENDPOINT_URL', 'http://[::1]:4566/aws/');
  vi.stubEnv('AWS_ENDPOINT_URL_EVENTBRIDGE', 'https://bus.example');
  expect(endpointOf('kms')).toEqual({
    ...{ isEncrypted: false, hostname: '::1', host: '[::1]:4566', port: '4566', path: '/aws' },
  });
  expect(endpointOf('events')).toBe(parsedEndpoint('https://bus.example'));
});
