import { deleteSuppression } from './delete-suppression.ts';
import { listSuppressions } from './list-suppressions.ts';
import { unsubscribe } from './unsubscribe.ts';

export const mailRoutes = [listSuppressions, deleteSuppression, unsubscribe] as const;
