import { describe, expect, it } from 'vitest';
import { retryDelayMs, retryKind } from './retry-rules.ts';
import { ServiceError } from './service-error.ts';

const service = (name: string, status: number) => new ServiceError('a call', name, status);
const network = (code: string) => Object.assign(new Error('lost'), { code });

describe('retryKind', () => {
  it.each([
    service('ProvisionedThroughputExceededException', 400),
    service('ThrottlingException', 400),
    service('RequestLimitExceeded', 400),
    service('TransactionInProgressException', 400),
    service('Throttling', 400),
    service('UnknownError', 429),
  ])('is throttling for %s', (error) => {
    expect(retryKind(error)).toBe('throttling');
  });

  it.each([
    service('InternalServerError', 500),
    service('UnknownError', 503),
    Object.assign(new Error('late'), { name: 'TimeoutError' }),
    network('ECONNRESET'),
    network('EAI_AGAIN'),
  ])('is transient for %s', (error) => {
    expect(retryKind(error)).toBe('transient');
  });

  it.each([
    service('ConditionalCheckFailedException', 400),
    service('TransactionCanceledException', 400),
    service('AccessDeniedException', 400),
    service('ValidationException', 400),
    service('GoneException', 410),
    network('ERR_INVALID_CHAR'),
    new TypeError('a bug'),
    'text',
  ])('is undefined for %s', (error) => {
    expect(retryKind(error)).toBeUndefined();
  });
});

describe('retryDelayMs', () => {
  it('doubles with each attempt, is longer after throttling, and is random down to nothing', () => {
    expect([1, 2].map((attempt) => retryDelayMs('transient', attempt, 1))).toEqual([50, 100]);
    expect([1, 2].map((attempt) => retryDelayMs('throttling', attempt, 0.5))).toEqual([250, 500]);
    expect(retryDelayMs('throttling', 2, 0)).toBe(0);
  });
});
