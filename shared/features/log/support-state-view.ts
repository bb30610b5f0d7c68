import type { SupportStateView } from '../../contract/schemas/support.ts';
import { toTimestamp } from '../../core/runtime/clock.ts';
import type { SupportState, Urgency } from './support-state.ts';

/** The state as agents see it. An entry that changes the state contains this view. */
export function supportStateOf(state: SupportState): SupportStateView {
  const { status, priority, assigneeId, assigneeName, teamId, tags, urgency, waitingSince } = state;
  return {
    status,
    priority,
    ...(assigneeId === undefined ? {} : { assigneeId }),
    ...(assigneeName === undefined ? {} : { assigneeName }),
    ...(teamId === undefined ? {} : { teamId }),
    ...(tags.length === 0 ? {} : { tags: [...tags] }),
    ...(urgency === undefined ? {} : { urgency: urgencyOf(urgency) }),
    ...(state.sla === undefined ? {} : { sla: state.sla }),
    ...(waitingSince === undefined ? {} : { waitingSince: toTimestamp(waitingSince) }),
    ...(state.archived === undefined ? {} : { archived: true }),
    ...(state.ticket === undefined ? {} : { ticket: state.ticket }),
    ...(state.wipedAt === undefined ? {} : { wiped: true }),
  };
}

function urgencyOf({ raisedAt, seq, step, alerted, acknowledgedAt, acknowledgedBy }: Urgency) {
  return {
    raisedAt: toTimestamp(raisedAt),
    seq,
    step,
    ...(alerted === undefined ? {} : { alerted: [...alerted] }),
    ...(acknowledgedAt === undefined ? {} : { acknowledgedAt: toTimestamp(acknowledgedAt) }),
    ...(acknowledgedBy === undefined ? {} : { acknowledgedBy }),
  };
}
