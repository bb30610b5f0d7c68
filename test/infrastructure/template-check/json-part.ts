/** A part of a JSON document, read and changed in place by paths such as `Statement.0.Resource`. */
export class JsonPart {
  readonly #value: unknown;

  constructor(value: unknown) {
    this.#value = value;
  }

  get(path: string): unknown {
    return at(this.#value, path.split('.'));
  }

  has(path: string): boolean {
    return this.get(path) !== undefined;
  }

  /** @throws Error if there is no list. */
  list(path: string): readonly unknown[] {
    const found = this.get(path);
    if (!Array.isArray(found)) throw new Error(`There is no list at ${path}`);
    return found;
  }

  parts(path: string): ReadonlyMap<string, JsonPart> {
    return new Map(Object.entries(membersOf(this.get(path))).map(([name, value]) => [name, new JsonPart(value)]));
  }

  /** @throws Error if there is no object or list. */
  set(path: string, value: unknown): void {
    const [owner, name] = this.#place(path);
    owner[name] = value;
  }

  /** @throws Error if there is nothing to remove. */
  remove(path: string): void {
    const [owner, name] = this.#place(path);
    if (!(name in owner)) throw new Error(`There is nothing at ${path}`);
    Reflect.deleteProperty(owner, name);
  }

  toJSON(): unknown {
    return this.#value;
  }

  #place(path: string): [owner: Record<string, unknown>, name: string] {
    const steps = path.split('.');
    const name = steps.pop() ?? '';
    const owner = at(this.#value, steps);
    if (typeof owner !== 'object' || owner === null)
      throw new Error(`There is no object or list that could contain ${path}`);
    return [owner as Record<string, unknown>, name];
  }
}

function at(value: unknown, steps: readonly string[]): unknown {
  return steps.reduce((owner, step) => membersOf(owner)[step], value);
}

function membersOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}
