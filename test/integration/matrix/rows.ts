import type { OperationId } from '../system/operations.ts';
import * as accounts from './rows-of-accounts.ts';
import * as attachments from './rows-of-attachments.ts';
import * as changes from './rows-of-changes.ts';
import * as conversations from './rows-of-conversations.ts';
import * as receipts from './rows-of-receipts.ts';
import * as presence from './rows-of-presence.ts';
import { addParticipants, changeConversation, changeParticipant, removeParticipant } from './rows-of-groups.ts';
import { searchMessages } from './rows-of-search.ts';
import * as sessions from './rows-of-sessions.ts';
import { plain, type Row } from './row.ts';

/** What the matrix sends to each operation. One without a row does not compile, and fails the test. */
export const rows: { readonly [Id in OperationId]: Row } = {
  getHealth: plain(200),
  getJwks: plain(200),
  getOpenidConfiguration: plain(200),
  ...accounts,
  ...attachments,
  ...changes,
  ...conversations,
  ...receipts,
  ...presence,
  ...{ addParticipants, changeConversation, changeParticipant, removeParticipant },
  searchMessages,
  ...sessions,
};
