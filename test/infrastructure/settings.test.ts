import { describe, expect, it } from 'vitest';
import { throttlingOf } from '../../lib/api/throttling.ts';
import { onlyThroughDistribution, readStage } from '../../lib/settings.ts';
import { everySetting, projectContext } from './project-context.ts';

const valid = projectContext.stages['dev'];

function read(changes: Readonly<Record<string, unknown>>) {
  return readStage('dev', { dev: { ...valid, ...changes } });
}

describe('readStage', () => {
  it('accepts every stage of the project', () => {
    for (const name of Object.keys(projectContext.stages)) {
      expect(readStage(name, projectContext.stages)).toMatchObject({ name, prefix: `switchboard-${name}` });
    }
  });

  it('applies defaults where an omission is safe', () => {
    expect(read({}).settings).toMatchObject({ alarms: true, allowedOrigins: [], reservedConcurrency: {} });
  });

  it('accepts all settings at once', () => {
    expect(read(everySetting).settings).toMatchObject(everySetting);
  });

  it('reports an unknown field together with the existing ones', () => {
    expect(() => read({ logRetention: 7 })).toThrow(
      /"dev".*\n {2}logRetention: no such setting\. Settings are: region, domain/,
    );
    expect(() => read({ domain: { ...everySetting.domain, cname: 'x' } })).toThrow(/domain\.cname: no such setting/);
  });

  it.each([
    [{ region: 'Frankfurt' }, /region: must be a region/],
    [{ mailFrom: 'nobody' }, /mailFrom: must be an e-mail address/],
    [{ mailFrom: undefined }, /mailFrom/],
    [{ logRetentionDays: 8 }, /logRetentionDays: must be one of 1, 3, 5, 7/],
    [{ pointInTimeRecoveryDays: 36 }, /pointInTimeRecoveryDays/],
    [{ retainData: 'yes' }, /retainData/],
    [
      { domain: { ...everySetting.domain, certificateArn: 'arn:aws:acm:eu-central-1:111122223333:certificate/a' } },
      /domain\.certificateArn: must be the ARN of a certificate in us-east-1/,
    ],
    [{ signingKeys: [] }, /signingKeys: must name the signing key/],
    [{ signingKeys: [0] }, /signingKeys\.0/],
    [{ signingKeys: [1, 2, 1] }, /signingKeys: must name each version once/],
    [{ restoredTable: { name: 'switchboard-restored' } }, /restoredTable\.streamLabel/],
    [
      { restoredTable: { name: 'switchboard-restored', streamLabel: 'LATEST' } },
      /restoredTable\.streamLabel: must be the label of a stream/,
    ],
    [{ allowedOrigins: ['*'] }, /allowedOrigins\.0: must be an origin/],
    [{ allowedOrigins: ['https://app.example.org/path'] }, /allowedOrigins\.0: must be an origin/],
    [{ reservedConcurrency: { mesages: 5 } }, /reservedConcurrency/],
    [
      { webAclArn: 'arn:aws:wafv2:eu-central-1:111122223333:regional/webacl/a/b' },
      /webAclArn: must be the ARN of a web ACL/,
    ],
    [
      { throttling: { http: { rate: 4000, burst: 100 } } },
      /throttling: the rates add up to 8400 a second\. At most 8000/,
    ],
    [
      { throttling: { auth: { rate: 10, burst: 5001 } } },
      /throttling\.auth\.burst: 5001 is more than the account's 5000/,
    ],
    [
      { region: 'eu-south-1', throttling: { socket: { rate: 4000, burst: 1000 } } },
      /throttling: the rates add up to 4600 a second\. At most 2000/,
    ],
    [{ throttling: { http: { rate: 0, burst: 1 } } }, /throttling\.http\.rate/],
    [{ webAcl: { requestsPerMinute: 9 } }, /webAcl\.requestsPerMinute/],
  ])('rejects %j', (changes, message) => {
    expect(() => read(changes)).toThrow(message);
  });

  it('raises limits with a larger quota, and lowers them in a region with a small quota', () => {
    expect(throttlingOf(read({}).settings)).toEqual({
      http: { rate: 2000, burst: 4000 },
      auth: { rate: 400, burst: 1000 },
      socket: { rate: 4000, burst: 5000 },
    });
    expect(throttlingOf(read({ region: 'eu-south-1' }).settings)).toEqual({
      http: { rate: 500, burst: 1000 },
      auth: { rate: 100, burst: 250 },
      socket: { rate: 1000, burst: 1250 },
    });
    const raised = { apiGatewayQuota: { rate: 50_000, burst: 10_000 }, throttling: { auth: { rate: 9, burst: 9 } } };
    expect(throttlingOf(read(raised).settings)).toMatchObject({ http: { rate: 10_000 }, auth: { rate: 9, burst: 9 } });
  });

  it('closes the APIs to requests that bypass the distribution if there is a web ACL, unless the stage opens them', () => {
    const { webAclArn } = everySetting;
    expect(onlyThroughDistribution(read({}))).toBe(false);
    expect(onlyThroughDistribution(read({ webAclArn }))).toBe(true);
    expect(onlyThroughDistribution(read({ webAclArn, onlyThroughDistribution: false }))).toBe(false);
    expect(onlyThroughDistribution(read({ onlyThroughDistribution: true }))).toBe(true);
  });

  it('requires an existing stage with a name that fits into resource names', () => {
    expect(() => readStage('test', projectContext.stages)).toThrow(
      'Stage "test" is not in cdk.json. It names these stages: dev, prod',
    );
    for (const name of ['Prod', 'prod-eu', '2nd', 'a'.repeat(17)]) {
      expect(() => readStage(name, { [name]: valid }), name).toThrow(/1 to 16 lower-case letters and digits/);
    }
    expect(() => readStage('dev', undefined)).toThrow(/no object "stages"/);
  });
});
