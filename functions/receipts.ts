import { receiptRoutes } from '../shared/contract/receipts/routes.ts';
import { getUnreadCount } from '../shared/features/receipts/get-unread-count.ts';
import { setTyping } from '../shared/features/receipts/set-typing.ts';
import { setViewing } from '../shared/features/receipts/set-viewing.ts';
import { updateReceipts } from '../shared/features/receipts/update-receipts.ts';
import { serve } from '../shared/transport/http.ts';

export const handler = serve(receiptRoutes, { updateReceipts, getUnreadCount, setTyping, setViewing });
