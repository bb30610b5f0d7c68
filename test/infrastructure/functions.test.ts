import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { functionDefinitions, functionNames } from '../../lib/functions/definitions.ts';
import { everySetting } from './project-context.ts';
import { asText, type Resource, synthesiseStage } from './synthesised-stage.ts';

const stage = synthesiseStage('prod', everySetting);
const byName = Object.fromEntries(
  Object.values(stage.ofType('AWS::Lambda::Function')).map((resource) => [
    String(resource.Properties['FunctionName']),
    resource.Properties,
  ]),
);

describe('each function', () => {
  it('has a function for each file of the folder functions', () => {
    const sources = readdirSync(join(import.meta.dirname, '../../functions'))
      .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
      .map((file) => file.slice(0, -'.ts'.length));
    expect([...functionNames].sort()).toEqual(sources.sort());
    for (const name of functionNames) expect(byName).toHaveProperty(`switchboard-prod-${name}`);
  });

  it('runs on the pinned runtime and processor, as an ECMAScript module', () => {
    for (const name of functionNames) {
      expect(byName[`switchboard-prod-${name}`]).toMatchObject({
        Runtime: 'nodejs24.x',
        Architectures: ['arm64'],
        Handler: 'index.handler',
        TracingConfig: { Mode: 'Active' },
      });
    }
  });

  it('writes no traces if the stage disables them', () => {
    const traces = Object.values(synthesiseStage('dev', { tracing: false }).ofType('AWS::Lambda::Function')).map(
      (resource) => resource.Properties['TracingConfig'],
    );
    expect(traces).not.toContainEqual({ Mode: 'Active' });
  });

  it('has the size of its definition', () => {
    for (const name of functionNames) {
      const { memoryMiB, timeoutSeconds } = functionDefinitions[name];
      expect(byName[`switchboard-prod-${name}`]).toMatchObject({ MemorySize: memoryMiB, Timeout: timeoutSeconds });
    }
  });

  it('has no variable that replaces public hosts by servers of the local run', () => {
    for (const name of functionNames) {
      const { Environment: environment } = byName[`switchboard-prod-${name}`] as { readonly Environment?: object };
      expect(asText(environment ?? {}), name).not.toContain('FAR_SIDES');
    }
  });

  it('times out at least two seconds before API Gateway', () => {
    const integrations = Object.entries(stage.ofType('AWS::ApiGatewayV2::Integration'));
    expect(integrations.length).toBeGreaterThan(0);
    for (const [id, { Properties }] of integrations) {
      const [, served] =
        Object.entries(stage.ofType('AWS::Lambda::Function')).find(([functionId, { Properties: own }]) => {
          const uri = asText(Properties['IntegrationUri']);
          const isNamed = uri.includes(`:function:${String(own['FunctionName'])}"`);
          return isNamed || uri.includes(functionId.slice(functionId.indexOf('/') + 1));
        }) ?? [];
      // 29 s:
      // https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-execution-service-websocket-limits-table.html
      const patienceMs = Number(Properties['TimeoutInMillis'] ?? 29_000);
      expect(Number(served?.Properties['Timeout']) * 1000, id).toBeLessThanOrEqual(patienceMs - 2000);
    }
  });

  it('logs as JSON into a log group of its own with limited retention', () => {
    const groups: Record<string, Resource['Properties']> = {};
    for (const [id, group] of Object.entries(stage.ofType('AWS::Logs::LogGroup'))) {
      groups[id.slice(id.indexOf('/') + 1)] = group.Properties;
    }
    for (const name of functionNames) {
      const logging = byName[`switchboard-prod-${name}`]?.['LoggingConfig'] as { LogGroup: { Ref: string } };
      expect(logging).toMatchObject({ LogFormat: 'JSON', SystemLogLevel: 'WARN' });
      expect(groups[logging.LogGroup.Ref]).toEqual({
        LogGroupName: `/aws/lambda/switchboard-prod-${name}`,
        RetentionInDays: 30,
      });
    }
    for (const group of Object.values(groups)) expect(group).toHaveProperty('RetentionInDays');
  });

  it('shares the account’s concurrency unless the stage reserves some', () => {
    for (const name of functionNames) {
      expect(byName[`switchboard-prod-${name}`]?.['ReservedConcurrentExecutions']).toBe(
        name === 'auth' ? 20 : undefined,
      );
    }
  });
});
