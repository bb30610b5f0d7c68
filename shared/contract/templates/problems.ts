import { defineProblem } from '../kit/define-problem.ts';

export const templateNotFound = defineProblem({
  name: 'template-not-found',
  status: 404,
  title: 'No such template',
  description: 'The template does not exist, or it was deleted.',
});
export const templateDeleted = defineProblem({
  name: 'template-deleted',
  status: 409,
  title: 'The template was deleted',
  description: 'Restore it first: send `deleted: false`, alone or with other changes.',
});
export const notPlatformStaff = defineProblem({
  name: 'not-platform-staff',
  status: 403,
  title: 'Only platform staff can change global templates',
  description: 'Create a template of your tenant instead. It may have the key and the shortcut of the global one.',
});
export const templateKeyTaken = defineProblem({
  name: 'template-key-taken',
  status: 409,
  title: 'Another template has this key and language',
  description: 'Update that template, or choose another key. `errors` points to the field.',
});
export const shortcutTaken = defineProblem({
  name: 'shortcut-taken',
  status: 409,
  title: 'Another template of this language has the shortcut',
  description: 'Choose another shortcut, or send none. `errors` points to the field.',
});
export const notAForm = defineProblem({
  name: 'not-a-form',
  status: 409,
  title: 'A canned reply has no fields',
  description: 'The kind of a template never changes. Create a form instead.',
});
export const templateLimitReached = defineProblem({
  name: 'template-limit-reached',
  status: 409,
  title: 'There are too many templates',
  description: 'A tenant can have 1000 templates, and so can the platform. Delete one that is no longer needed.',
});
