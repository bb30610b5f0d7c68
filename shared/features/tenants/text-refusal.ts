import { messageTooLong } from '../../contract/problems.ts';
import { type Refusal, refuse } from '../../core/refusal.ts';
import { tooLong } from './text-rules.ts';

export function refusalOfText(
  text: string | undefined,
  role: string,
  tenantLimit: number,
  pointer = '/text',
): Refusal<typeof messageTooLong> | undefined {
  const excess = text === undefined ? undefined : tooLong(text, role, tenantLimit);
  if (excess === undefined) return undefined;
  return refuse(messageTooLong, {
    detail: `The text has ${excess.length} characters; the limit is ${excess.limit}.`,
    errors: [{ pointer, code: 'too_big', detail: `must have at most ${excess.limit} characters` }],
  });
}
