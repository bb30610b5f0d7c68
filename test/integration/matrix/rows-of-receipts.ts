import { plain, type Row } from './row.ts';
import { conversationSlot, inOwn } from './conversation-slots.ts';

const receipt = { body: { deliveredSeq: 1 } };
const typing = { body: { typing: true } };
const beyond = { status: 422, code: 'POSITION_BEYOND_END' };

export const updateReceipts: Row = {
  own: (caller) =>
    inOwn(caller, [
      { request: receipt, status: 200 },
      { name: 'beyond the end', request: { body: { readSeq: 999_999 } }, ...beyond },
      { name: 'a mark beyond the end', request: { body: { unreadFrom: 999_999 } }, ...beyond },
    ]),
  slots: {
    'path.conversationId': (caller) => [
      ...conversationSlot(receipt)(caller),
      ...conversationSlot({ body: { unreadFrom: 999_999 } })(caller).map((one) => ({
        ...one,
        name: `${one.name}, beyond the end`,
      })),
    ],
  },
};

export const getUnreadCount: Row = plain(200);

export const setTyping: Row = {
  own: (caller) => inOwn(caller, [{ request: typing, status: 204 }]),
  slots: { 'path.conversationId': conversationSlot(typing) },
};
