import {
  type NewNotificationPreferences,
  type NotificationKind,
  notificationKinds,
  type NotificationPreferences,
  type PushKind,
  pushKinds,
  type QuietHours,
  type Weekday,
  weekdays,
} from '../../contract/schemas/notification.ts';

export type Treatment = 'announced' | 'silent' | 'off';

/** An urgent notification is always announced. */
export function treatmentOf(
  preferences: NewNotificationPreferences | undefined,
  kind: NotificationKind,
  at: number,
): Treatment {
  if (kind === 'urgent' || preferences === undefined) return 'announced';
  if (preferences.kinds[kind] === 'off') return 'off';
  return preferences.quietHours !== undefined && isQuiet(preferences.quietHours, at) ? 'silent' : 'announced';
}

/** An urgent push is always wanted. */
export function wantsPush(preferences: NewNotificationPreferences | undefined, kind: PushKind, at: number): boolean {
  if (kind === 'urgent' || preferences === undefined) return true;
  if (preferences.push?.[kind] === 'off') return false;
  return preferences.quietHours === undefined || !isQuiet(preferences.quietHours, at);
}

export function completePreferences(preferences: NewNotificationPreferences | undefined): NotificationPreferences {
  const kinds = Object.fromEntries(notificationKinds.map((kind) => [kind, preferences?.kinds[kind] ?? 'on']));
  const push = Object.fromEntries(pushKinds.map((kind) => [kind, preferences?.push?.[kind] ?? 'on']));
  return {
    kinds: kinds as NotificationPreferences['kinds'],
    push: push as NotificationPreferences['push'],
    ...(preferences?.quietHours === undefined ? {} : { quietHours: preferences.quietHours }),
    mail: preferences?.mail ?? 'digest',
  };
}

/** Quiet hours that end on the next day belong to the day on which they begin. */
export function isQuiet({ timeZone, from, to, days }: QuietHours, at: number): boolean {
  const { weekday, time } = localTime(timeZone, at);
  const begins = (day: number) => days.includes(weekdays[(day + weekdays.length) % weekdays.length] ?? 'sunday');
  const today = weekdays.indexOf(weekday);
  // Times of equal length compare like text.
  if (from < to) return begins(today) && time >= from && time < to;
  return (begins(today) && time >= from) || (begins(today - 1) && time < to);
}

function localTime(timeZone: string, at: number): { readonly weekday: Weekday; readonly time: string } {
  const format = new Intl.DateTimeFormat('en-GB', {
    timeZone,
    weekday: 'long',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  });
  const parts = new Map(format.formatToParts(at).map(({ type, value }) => [type, value]));
  const weekday = weekdays.find((day) => day === parts.get('weekday')?.toLowerCase());
  if (weekday === undefined) throw new Error('The platform does not name weekdays in English');
  return { weekday, time: `${parts.get('hour')}:${parts.get('minute')}` };
}
