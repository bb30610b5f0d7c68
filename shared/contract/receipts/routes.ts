import { getUnreadCount } from './get-unread-count.ts';
import { setTyping } from './set-typing.ts';
import { setViewing } from './set-viewing.ts';
import { updateReceipts } from './update-receipts.ts';

export const receiptRoutes = [updateReceipts, getUnreadCount, setTyping, setViewing] as const;
