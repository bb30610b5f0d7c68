import { afterEach, describe, expect, it, vi } from 'vitest';
import { log, type LogLevel } from './logger.ts';
import { count } from './metrics.ts';

afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
});

function linesOf(write: () => void): Record<string, unknown>[] {
  const written: string[] = [];
  vi.spyOn(process.stdout, 'write').mockImplementation((line) => written.push(String(line)) > 0);
  write();
  return written.map((line) => JSON.parse(line) as Record<string, unknown>);
}

describe('a log line', () => {
  const levels: readonly LogLevel[] = ['info', 'warn', 'error'];

  it.each(levels)('has the timestamp and the level that Lambda reads, for level %s', (level) => {
    const [line] = linesOf(() => log(level, 'something.happened', { requestId: 'r' }, new Error('broken')));
    expect(line).toMatchObject({ level, event: 'something.happened', requestId: 'r' });
    expect(new Date(String(line?.['timestamp'])).toISOString()).toBe(line?.['timestamp']);
  });

  it('has the timestamp and the level that Lambda reads, for a metric', () => {
    const [line] = linesOf(() => count('MessageSent', 3));
    expect(line).toMatchObject({ level: 'info', MessageSent: 3 });
    const { Timestamp } = line?.['_aws'] as { readonly Timestamp: number };
    expect(new Date(Timestamp).toISOString()).toBe(line?.['timestamp']);
  });

  it('never lets a field replace the timestamp or the level', () => {
    const fields = { timestamp: 'never', level: 'debug' } as Record<string, string>;
    const [line] = linesOf(() => log('error', 'something.happened', fields));
    expect(line).toMatchObject({ level: 'error', timestamp: expect.not.stringContaining('never') as unknown });
  });
});

describe('a metric', () => {
  it('has the stage as its only dimension', () => {
    vi.stubEnv('STAGE_PREFIX', 'switchboard-prod');
    vi.stubEnv('AWS_LAMBDA_FUNCTION_NAME', 'switchboard-prod-auth');
    const [line] = linesOf(() => count('Requests'));
    expect(line).toMatchObject({ stage: 'switchboard-prod', function: 'switchboard-prod-auth', Requests: 1 });
    expect(line?.['_aws']).toMatchObject({
      CloudWatchMetrics: [
        { Namespace: 'Switchboard', Dimensions: [['stage']], Metrics: [{ Name: 'Requests', Unit: 'Count' }] },
      ],
    });
  });
});
