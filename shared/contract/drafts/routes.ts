import { deleteDraft } from './delete-draft.ts';
import { getDraft } from './get-draft.ts';
import { listDrafts } from './list-drafts.ts';
import { saveDraft } from './save-draft.ts';

export const draftRoutes = [listDrafts, getDraft, saveDraft, deleteDraft] as const;
