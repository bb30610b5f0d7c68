import { BoundedMap } from './bounded-map.ts';
import { now } from './clock.ts';

interface Entry<Value> {
  readonly at: number;
  readonly value: Promise<Value>;
}

/** Concurrent loads of a key share one load. Does not cache failed loads. */
export class ExpiringCache<Value> {
  readonly #lifeMs: number;
  readonly #entries: BoundedMap<Entry<Value>>;

  constructor(options: { readonly lifeMs: number; readonly size: number }) {
    this.#lifeMs = options.lifeMs;
    this.#entries = new BoundedMap(options.size);
  }

  /** `keep` decides whether to cache a loaded value. */
  async get(key: string, load: () => Promise<Value>, keep: (value: Value) => boolean = () => true): Promise<Value> {
    const cached = this.#entries.get(key);
    if (cached !== undefined && now() - cached.at < this.#lifeMs) return cached.value;
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
