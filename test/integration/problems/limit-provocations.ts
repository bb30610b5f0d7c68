import type { AttemptLimit } from '../../../shared/features/identity/attempt-limits.ts';
import type { HttpAnswer } from '../raw-client.ts';
import { exhaust, forgetAttempts, type Stage } from './stage.ts';

export function limited<Answer, Subject>(
  limit: AttemptLimit,
  userId: (stage: Stage) => string,
  ask: (stage: Stage, subject: Subject) => Promise<Answer>,
) {
  return {
    provoke: async (stage: Stage, subject: Subject): Promise<Answer> => {
      await exhaust(stage, limit, userId(stage));
      const answer = await ask(stage, subject);
      await forgetAttempts(stage);
      return answer;
    },
    changes: 'attempts are counted',
  };
}

/** Resets the limit after the rejection. */
export async function untilRejected(stage: Stage, ask: () => Promise<HttpAnswer>): Promise<HttpAnswer> {
  for (let attempt = 1; attempt <= 110; attempt += 1) {
    const answer = await ask();
    if (answer.status !== 429) continue;
    await forgetAttempts(stage);
    return answer;
  }
  throw new Error('No limit rejected a hundred attempts');
}

/** Why a rejected request changes items. */
export const counted = 'attempts are counted';
