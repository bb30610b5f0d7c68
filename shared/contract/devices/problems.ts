import { defineProblem } from '../kit/define-problem.ts';

export const deviceNotFound = defineProblem({
  name: 'device-not-found',
  status: 404,
  title: 'No such device',
  description: 'You have no device with this id. List your devices.',
});
export const deviceLimitReached = defineProblem({
  name: 'device-limit-reached',
  status: 409,
  title: 'You have as many devices as you may have',
  description: 'A user has at most 20 devices. Delete one.',
});
export const pushNotConfigured = defineProblem({
  name: 'push-not-configured',
  status: 409,
  title: 'The service sends no pushes to this platform',
  description: 'The deployer has not stored credentials for the platform. The app works without pushes.',
});
export const pushTokenRejected = defineProblem({
  name: 'push-token-rejected',
  status: 422,
  title: 'The token does not fit the platform',
  description: 'Send the token unchanged, and the platform that issued it.',
});
