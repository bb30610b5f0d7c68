import { draftChanged } from '../../contract/drafts/problems.ts';
import { type Refusal, refuse } from '../../core/refusal.ts';

export function refusalOfRevision(current: number): Refusal<typeof draftChanged> {
  const detail = current === 0 ? 'must be 0: there is no draft' : `must be ${current}, the current revision`;
  return refuse(draftChanged, {
    detail: current === 0 ? 'There is no draft any more.' : `The draft has the revision ${current}.`,
    errors: [{ pointer: '/revision', code: 'custom', detail }],
  });
}
