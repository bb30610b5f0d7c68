import { defineProblem } from '../kit/define-problem.ts';

export const notificationNotFound = defineProblem({
  name: 'notification-not-found',
  status: 404,
  title: 'No such notification',
  description: 'You have no notification with this id, or it has expired.',
});
