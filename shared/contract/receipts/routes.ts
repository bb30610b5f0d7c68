import { getUnreadCount } from './get-unread-count.ts';
import { setTyping } from './set-typing.ts';
import { updateReceipts } from './update-receipts.ts';

export const receiptRoutes = [updateReceipts, getUnreadCount, setTyping] as const;
