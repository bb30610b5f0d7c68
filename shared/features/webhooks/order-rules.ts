/** An event in a lane. */
export interface Placed {
  readonly eventId: string;
  /** ISO 8601. Of entries of a log, it never decreases with their numbers. */
  readonly at: string;
  /** 0 for events that are no entry. */
  readonly seq: number;
}

const millisecondDigits = 13;
const seqDigits = 12;

/** Sorts the events of a conversation as they happened. */
export function positionOf({ eventId, at, seq }: Placed): string {
  const time = String(Date.parse(at)).padStart(millisecondDigits, '0');
  return `${time}#${String(seq).padStart(seqDigits, '0')}#${eventId}`;
}

export function seqOfPosition(position: string): number {
  return Number(position.split('#')[1]);
}
