export type Unsubscribe = () => void;

/** Typed events: `Events` maps each name to what its listeners get. */
export class Emitter<Events extends object> {
  readonly #listeners = new Map<keyof Events, Set<(event: never) => void>>();

  /** Hears of an event from now on. Returns the function that ends it. */
  on<Name extends keyof Events>(name: Name, listener: (event: Events[Name]) => void): Unsubscribe {
    const listeners = this.#listeners.get(name) ?? new Set();
    this.#listeners.set(name, listeners);
    // Wrapped, so that a function that listens twice is two listeners.
    const entry = (event: Events[Name]): void => listener(event);
    listeners.add(entry);
    return () => void listeners.delete(entry);
  }

  emit<Name extends keyof Events>(name: Name, event: Events[Name]): void {
    for (const listener of [...(this.#listeners.get(name) ?? [])]) {
      try {
        (listener as (event: Events[Name]) => void)(event);
      } catch (error) {
        // A listener's bug is its own: it must not stop the others, nor vanish.
        queueMicrotask(() => {
          throw error;
        });
      }
    }
  }
}
