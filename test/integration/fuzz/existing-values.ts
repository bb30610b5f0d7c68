import fc from 'fast-check';
import { ulid } from 'ulid';

const ulidForm = /^[0-7][0-9A-HJKMNP-TV-Z]{25}$/;
const perName = 60;
/** Members whose values come from members with another name. */
const sources: Readonly<Record<string, readonly string[]>> = {
  cursor: ['nextCursor'],
  token: ['accessToken', 'token'],
};

/** Existing ids, cursors and tokens, by the name of their member. With them, requests reach existing data. */
export class ExistingValues {
  readonly #byName = new Map<string, string[]>();
  readonly #ids: string[] = [];

  add(name: string, ...values: readonly string[]): void {
    const existing = this.#byName.get(name) ?? [];
    this.#byName.set(name, existing);
    for (const value of values) {
      remember(existing, value);
      if (ulidForm.test(value)) remember(this.#ids, value);
    }
  }

  learn(answer: unknown, depth = 0): void {
    if (typeof answer !== 'object' || answer === null || depth > 4) return;
    for (const [name, value] of Object.entries(answer)) {
      if (typeof value === 'string' && value.length <= 1_000) this.add(name, value);
      else this.learn(value, depth + 1);
    }
  }

  /** Chooses on use, so later values are included. */
  of(name: string): fc.Arbitrary<string | undefined> {
    const names = [name, ...(sources[name] ?? [])];
    return fc.nat().map((index) => {
      const existing = names.flatMap((source) => this.#byName.get(source) ?? []);
      return existing[index % Math.max(1, existing.length)];
    });
  }

  /** Includes ids of other members and unknown ids. */
  idOf(name: string): fc.Arbitrary<string> {
    const orAny = (value: string | undefined, index: number) => value ?? this.#ids[index % this.#ids.length] ?? ulid();
    return fc.oneof(
      { arbitrary: fc.tuple(this.of(name), fc.nat()).map(([value, index]) => orAny(value, index)), weight: 8 },
      { arbitrary: fc.nat().map((index) => orAny(undefined, index)), weight: 1 },
      { arbitrary: fc.nat().map(() => ulid()), weight: 1 },
    );
  }
}

/** Keeps the newest values and the first ones. */
function remember(existing: string[], value: string): void {
  if (existing.includes(value)) return;
  existing.push(value);
  if (existing.length > perName) existing.splice(perName / 2, 1);
}
