import { deleteSuppression } from './delete-suppression.ts';
import { listSuppressions } from './list-suppressions.ts';

export const mailRoutes = [listSuppressions, deleteSuppression] as const;
