import { defineProblem } from '../kit/define-problem.ts';

export const transcriptTooLong = defineProblem({
  name: 'transcript-too-long',
  status: 422,
  title: 'The conversation is too long for one answer',
  description: 'Get its transcript page by page, with `GET /api/v1/conversations/{conversationId}/transcript`.',
});
