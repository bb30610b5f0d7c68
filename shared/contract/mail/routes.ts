import { deleteSuppression } from './delete-suppression.ts';
import { listSuppressions } from './list-suppressions.ts';
import { unsubscribe } from './unsubscribe.ts';

export const suppressionRoutes = [listSuppressions, deleteSuppression] as const;
export const unsubscribeRoutes = [unsubscribe] as const;
