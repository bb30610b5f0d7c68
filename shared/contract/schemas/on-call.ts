import * as z from 'zod/mini';
import { email } from './email.ts';
import { userId } from './ids.ts';

const mostUsers = 20;
const mostAddresses = 10;

function isDistinct(values: readonly string[]): boolean {
  return new Set(values).size === values.length;
}

/** The people whom the group `on-call` of an escalation alerts. */
export const onCall = z
  .strictObject({
    userIds: z
      .array(userId)
      .check(
        z.maxLength(mostUsers, `must not name more than ${mostUsers} users`),
        z.refine(isDistinct, 'must not name a user twice'),
        z.describe('Agents and admins. They are alerted in the application and by mail.'),
      ),
    emails: z
      .array(email)
      .check(
        z.maxLength(mostAddresses, `must not contain more than ${mostAddresses} addresses`),
        z.refine(isDistinct, 'must not contain an address twice'),
        z.describe('Further addresses that get a mail, such as that of a pager service'),
      ),
  })
  .check(z.describe('The people whom the group `on-call` of an escalation alerts'));
export type OnCall = z.infer<typeof onCall>;

export const defaultOnCall: OnCall = { userIds: [], emails: [] };
