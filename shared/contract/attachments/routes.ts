import { completeAttachment } from './complete-attachment.ts';
import { createAttachment } from './create-attachment.ts';
import { getAttachment } from './get-attachment.ts';

export const attachmentRoutes = [createAttachment, getAttachment, completeAttachment] as const;
