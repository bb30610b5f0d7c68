import { describe, expect, it } from 'vitest';
import { defaultPorts, judgeUrl } from './url-rules.ts';

const policy = { ports: defaultPorts, ownHosts: ['chat.example.com'] };

describe('judgeUrl', () => {
  it.each([
    'https://hooks.example.org',
    'https://hooks.example.org:8443/in?key=1#part',
    'https://HOOKS.example.org/',
    'https://abc123.execute-api.eu-central-1.amazonaws.com/prod',
    'https://balancer-1.eu-central-1.elb.amazonaws.com/',
    'https://my_host.example.org/',
    'https://xn--bcher-kva.example/',
    'https://bücher.example/',
    'https://93.184.215.14/',
    'https://[2606:4700::1111]/',
  ])('accepts %s', (url) => {
    expect(judgeUrl(url, policy)).toBeInstanceOf(URL);
  });

  it.each([
    ['hooks.example.org', 'not-a-url'],
    ['http://hooks.example.org', 'not-https'],
    ['https://a:b@hooks.example.org', 'credentials'],
    ['https://hooks.example.org:444', 'port'],
    ['https://localhost', 'private-host'],
    ['https://10.0.0.1', 'private-host'],
    ['https://chat.example.com/api', 'own-host'],
  ])('names what is wrong with %s: %s', (url, flaw) => {
    expect(judgeUrl(url, policy)).toBe(flaw);
  });
});
