import { ServiceError } from '../aws/service-error.ts';

/** With jitter, they outlast the longest transaction of this project. */
const attempts = 6;

/**
 * DynamoDB rejects a write that conflicts with a transaction, and the client does not retry it.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/transaction-apis.html
 */
export async function retryConflicts<Result>(write: () => Promise<Result>): Promise<Result> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await write();
    } catch (error) {
      if (!isConflict(error) || attempt === attempts) throw error;
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 20 * 2 ** attempt));
    }
  }
}

/** A failed condition takes precedence over a conflict. */
function isConflict(error: unknown): boolean {
  if (!(error instanceof ServiceError)) return false;
  if (error.name === 'TransactionConflictException') return true;
  if (error.name !== 'TransactionCanceledException') return false;
  const codes = error.CancellationReasons.map((reason) => reason.Code);
  return codes.includes('TransactionConflict') && !codes.includes('ConditionalCheckFailed');
}
