const SystemDate = Date;
let offsetMs = 0;

class MovedDate extends SystemDate {
  constructor(...parts: [] | ConstructorParameters<DateConstructor>) {
    if (parts.length === 0) super(MovedDate.now());
    else super(...parts);
  }

  static override now(): number {
    return SystemDate.now() + offsetMs;
  }
}

/** Lets the thread's `Date` follow the clock of the run. */
export function moveDate(milliseconds: number): void {
  if (milliseconds === offsetMs) return;
  offsetMs = milliseconds;
  globalThis.Date = MovedDate as DateConstructor;
}
