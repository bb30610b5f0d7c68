import { randomInt } from 'node:crypto';
import { createInterface, type Interface } from 'node:readline';
import { Writable } from 'node:stream';
import { CommandFailure } from './command-failure.ts';
import { exitCodes } from './exit-codes.ts';

/** Reads one line, and leaves the rest for other readers. */
export async function passwordFromStandardInput(): Promise<string> {
  const bytes: number[] = [];
  for (;;) {
    const byte = (await readByte())?.[0];
    if (byte === undefined || byte === lineFeed) break;
    bytes.push(byte);
  }
  const password = Buffer.from(bytes).toString().replace(/\r$/, '');
  if (password !== '') return password;
  throw new CommandFailure(exitCodes.usage, '--password-stdin needs the password as the first line of standard input.');
}

const lineFeed = 0x0a;

/** Undefined at the end. */
async function readByte(): Promise<Buffer | undefined> {
  for (;;) {
    const chunk = process.stdin.read(1) as Buffer | null;
    if (chunk !== null) return chunk;
    if (process.stdin.readableEnded) return undefined;
    const more = await new Promise<boolean>((resolve) => {
      const settle = (isMore: boolean): void => {
        process.stdin.off('readable', onReadable).off('end', onEnd);
        resolve(isMore);
      };
      const onReadable = (): void => settle(true);
      const onEnd = (): void => settle(false);
      process.stdin.on('readable', onReadable).on('end', onEnd);
    });
    if (!more) return undefined;
  }
}

/** Does not echo. */
export async function askPassword(question: string): Promise<string> {
  if (!process.stdin.isTTY) {
    throw new CommandFailure(
      exitCodes.usage,
      'There is no terminal to ask for the password. Pass it with --password-stdin.',
    );
  }
  process.stderr.write(question);
  const hidden = new Writable({ write: (_chunk, _encoding, done) => done() });
  const reader = createInterface({ input: process.stdin, output: hidden, terminal: true, historySize: 0 });
  try {
    return await nextLine(reader);
  } finally {
    reader.close();
    process.stderr.write('\n');
  }
}

function nextLine(reader: Interface): Promise<string> {
  return new Promise((resolve, reject) => {
    reader.once('line', resolve);
    reader.once('SIGINT', () =>
      reject(new CommandFailure(exitCodes.refused, 'Cancelled with Ctrl-C. Nothing was changed.')),
    );
    reader.once('close', () =>
      reject(new CommandFailure(exitCodes.refused, 'No password was entered. Nothing was changed.')),
    );
  });
}

/** Asks until two answers match. Undefined for an empty answer. */
export async function askNewPassword(): Promise<string | undefined> {
  for (;;) {
    const password = await askPassword('New password (leave empty to generate one): ');
    if (password === '') return undefined;
    if ((await askPassword('Repeat the password: ')) === password) return password;
    process.stderr.write('Passwords do not match.\n');
  }
}

const letters = 'abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789';
const groups = 4;
const groupLength = 5;

/** About 115 bits. Meets the rules of every tenant. */
export function generatePassword(): string {
  for (;;) {
    const all = Array.from({ length: groups }, () =>
      Array.from({ length: groupLength }, () => letters.charAt(randomInt(letters.length))).join(''),
    );
    const password = all.join('-');
    if (/[A-Z]/.test(password) && /[a-z]/.test(password) && /[0-9]/.test(password)) return password;
  }
}
