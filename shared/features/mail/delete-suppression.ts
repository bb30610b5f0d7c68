import type { deleteSuppression as deleteSuppressionRoute } from '../../contract/mail/delete-suppression.ts';
import { suppressionNotFound } from '../../contract/mail/problems.ts';
import { refuse } from '../../core/refusal.ts';
import type { UseCase } from '../../core/use-case.ts';
import { deleteStored } from './suppression-store.ts';

/** The address gets mails again. */
export const deleteSuppression: UseCase<typeof deleteSuppressionRoute> = async ({ scope }, { suppressionId }) =>
  (await deleteStored(scope, suppressionId)) ? undefined : refuse(suppressionNotFound);
