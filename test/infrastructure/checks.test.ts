import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { App } from 'aws-cdk-lib';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { describe, expect, it } from 'vitest';
import { everySetting } from './project-context.ts';
import { prepareStage } from './synthesised-stage.ts';

interface Report {
  readonly pluginReports: {
    readonly pluginName: string;
    readonly conclusion: string;
    readonly violations: { ruleName: string }[];
  }[];
}

function reportOf(app: App): Report {
  return JSON.parse(readFileSync(join(app.outdir, 'validation-report.json'), 'utf8')) as Report;
}

describe('cdk-nag', () => {
  it.each([
    ['dev', { tracing: false }],
    ['prod', everySetting],
  ] as const)('finds no unacknowledged violation in stage %s', (name, settings) => {
    const { app } = prepareStage(name, settings, true);
    expect(() => app.synth()).not.toThrow();
    expect(reportOf(app).pluginReports.flatMap((report) => report.violations)).toEqual([]);
  });

  it('stops the synthesis at a finding without an acknowledgement', () => {
    const { app, stacks } = prepareStage('dev', {}, true);
    new Bucket(stacks.data, 'Forgotten');
    new Queue(stacks.data, 'Endless');
    expect(() => app.synth()).toThrow(/Acknowledge with 'AwsSolutions::AwsSolutions-S10'/);
    const rules = reportOf(app).pluginReports.flatMap((report) => report.violations.map(({ ruleName }) => ruleName));
    expect(rules).toEqual(expect.arrayContaining(['AwsSolutions-S10', 'Serverless-SQSRedrivePolicy']));
  });
});
