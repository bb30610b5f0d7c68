import { defineProblem } from '../kit/define-problem.ts';

export const draftNotFound = defineProblem({
  name: 'draft-not-found',
  status: 404,
  title: 'No draft for the conversation',
  description: 'You saved no draft for this conversation, or it was deleted or has expired.',
});
export const draftChanged = defineProblem({
  name: 'draft-changed',
  status: 409,
  title: 'The draft was changed on another device',
  description:
    'The detail and `errors` state the current revision. Get the draft, combine both texts, and save with that revision.',
});
