import { PassThrough, Writable } from 'node:stream';

/** Emulates the parts of a terminal that the chat uses. */
export class TerminalScreen extends Writable {
  readonly isTTY = true;
  readonly columns: number;
  readonly #rows: string[][] = [[]];
  #row = 0;
  #column = 0;

  constructor(columns: number) {
    super({ decodeStrings: false });
    this.columns = columns;
  }

  get rows(): readonly string[] {
    return this.#rows.map((row) => row.join('').trimEnd());
  }

  override _write(text: string, _encoding: string, done: () => void): void {
    for (const [part] of text.matchAll(/\u001b\[[\d;?]*[A-Za-z]|[\s\S]/gu)) {
      if (part.startsWith('\u001b')) this.#execute(part.at(-1) ?? '', Number(/\d+/.exec(part)?.[0] ?? 0));
      else if (part === '\r') this.#column = 0;
      // A terminal's driver also returns to the first column.
      else if (part === '\n') this.#moveTo(this.#row + 1, 0);
      else this.#put(part);
    }
    done();
  }

  #execute(command: string, count: number): void {
    const steps = Math.max(1, count);
    if (command === 'A') this.#moveTo(this.#row - steps, this.#column);
    else if (command === 'B') this.#moveTo(this.#row + steps, this.#column);
    else if (command === 'C') this.#moveTo(this.#row, this.#column + steps);
    else if (command === 'D') this.#moveTo(this.#row, this.#column - steps);
    else if (command === 'G') this.#moveTo(this.#row, count - 1);
    else if (command === 'J') {
      this.#rows[this.#row]?.splice(this.#column);
      this.#rows.splice(this.#row + 1);
    } else if (command === 'K') this.#rows[this.#row]?.splice(this.#column);
    else if (command !== 'm' && command !== 'h' && command !== 'l')
      throw new Error(`Unknown control sequence: CSI ${command}`);
  }

  #put(character: string): void {
    if (this.#column >= this.columns) this.#moveTo(this.#row + 1, 0);
    const row = this.#rows[this.#row] ?? [];
    while (row.length < this.#column) row.push(' ');
    row[this.#column] = character;
    this.#column += 1;
  }

  #moveTo(row: number, column: number): void {
    this.#row = Math.max(0, row);
    this.#column = Math.max(0, column);
    while (this.#rows.length <= this.#row) this.#rows.push([]);
  }
}

export function keyboard(): PassThrough & { isTTY: boolean; setRawMode: () => void } {
  return Object.assign(new PassThrough(), { isTTY: true, setRawMode: () => undefined });
}
