import { receiptRoutes } from '../shared/contract/receipts/routes.ts';
import { getUnreadCount } from '../shared/features/receipts/get-unread-count.ts';
import { setTyping } from '../shared/features/receipts/set-typing.ts';
import { updateReceipts } from '../shared/features/receipts/update-receipts.ts';
import { serve } from '../shared/transport/http.ts';
import { answer } from '../shared/core/refusal.ts';

export const handler = serve(receiptRoutes, {
  updateReceipts: async ({ principal, params, body }) => {
    const state = await updateReceipts({ principal, ...params, update: body, pointer: '/body' });
    return answer(state, (own) => ({ status: 200, body: own }));
  },
  getUnreadCount: async ({ principal }) => ({ status: 200, body: await getUnreadCount(principal) }),
  setTyping: async ({ principal, params, body }) => {
    return (await setTyping({ principal, ...params, ...body })) ?? { status: 204 };
  },
});
