import { now } from './clock.ts';

interface Entry<Value> {
  readonly at: number;
  readonly value: Promise<Value>;
}

/**
 * Remembers what was loaded, by key, for a limited time and up to a limited number. Loads of one key at the same time
 * are one load; a load that fails is forgotten.
 */
export class ExpiringCache<Value> {
  readonly #lifeMs: number;
  readonly #size: number;
  readonly #entries = new Map<string, Entry<Value>>();

  constructor(options: { readonly lifeMs: number; readonly size: number }) {
    this.#lifeMs = options.lifeMs;
    this.#size = options.size;
  }

  /** The remembered value, or the one that `load` finds. `keep` says whether a loaded value is worth remembering. */
  async get(key: string, load: () => Promise<Value>, keep: (value: Value) => boolean = () => true): Promise<Value> {
    const known = this.#entries.get(key);
    if (known !== undefined && now() - known.at < this.#lifeMs) return known.value;
    this.#entries.delete(key);
    // The oldest goes first: a Map keeps the order of insertion.
    if (this.#entries.size >= this.#size) this.#entries.delete(this.#entries.keys().next().value ?? '');
    const entry: Entry<Value> = { at: now(), value: load() };
    this.#entries.set(key, entry);
    try {
      const value = await entry.value;
      if (!keep(value)) this.#forget(key, entry);
      return value;
    } catch (error) {
      this.#forget(key, entry);
      throw error;
    }
  }

  delete(key: string): void {
    this.#entries.delete(key);
  }

  #forget(key: string, entry: Entry<Value>): void {
    if (this.#entries.get(key) === entry) this.#entries.delete(key);
  }
}
