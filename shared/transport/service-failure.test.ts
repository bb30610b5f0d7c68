import { describe, expect, it } from 'vitest';
import { refusalOfError } from './service-failure.ts';

function failure(name: string, properties: object = {}): Error {
  return Object.assign(new Error('a text of the service'), { name }, properties);
}

describe('refusalOfError', () => {
  it.each([
    failure('ProvisionedThroughputExceededException', { $metadata: { httpStatusCode: 400 } }),
    failure('ThrottlingException', { $metadata: { httpStatusCode: 400 } }),
    failure('TimeoutError'),
    failure('InternalServerError', { $metadata: { httpStatusCode: 500 } }),
    failure('Error', { code: 'ECONNRESET' }),
    failure('TransactionCanceledException', {
      $metadata: { httpStatusCode: 400 },
      CancellationReasons: [{ Code: 'None' }, { Code: 'TransactionConflict' }],
    }),
  ])('returns service-busy with a time to retry when a service is busy or does not respond ($name)', (error) => {
    expect(refusalOfError(error)).toMatchObject({ refused: { name: 'service-busy', status: 503 }, retryAfterMs: 1000 });
  });

  it.each([
    failure('AccessDeniedException', { $metadata: { httpStatusCode: 400 } }),
    failure('TypeError'),
    failure('Error', { code: 'ERR_INVALID_ARG_TYPE' }),
    failure('TransactionCanceledException', { CancellationReasons: [{ Code: 'ValidationError' }] }),
    'no error at all',
  ])('returns internal-error without the error’s text for any other error', (error) => {
    const refusal = refusalOfError(error);
    expect(refusal).toMatchObject({ refused: { name: 'internal-error', status: 500 } });
    expect(JSON.stringify(refusal)).not.toContain('a text of the service');
  });
});
