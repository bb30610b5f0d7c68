import { mailRoutes } from '../shared/contract/mail/routes.ts';
import { deleteSuppression } from '../shared/features/mail/delete-suppression.ts';
import { listSuppressions } from '../shared/features/mail/list-suppressions.ts';
import { unsubscribe } from '../shared/features/notification-mails/unsubscribe.ts';
import { serve } from '../shared/transport/http.ts';

export const handler = serve(mailRoutes, {
  listSuppressions,
  deleteSuppression,
  unsubscribe,
});
