import { randomInt } from 'node:crypto';
import { createInterface, type Interface } from 'node:readline';
import { Writable } from 'node:stream';
import { CommandFailure } from './command-failure.ts';
import { exitCodes } from './exit-codes.ts';

/** The first line of standard input. What follows stays to be read by others. */
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

/** One byte, so that nothing beyond the line is taken; nothing at the end. */
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

/** Asks on the terminal without showing what is typed. */
export async function askPassword(question: string): Promise<string> {
  if (!process.stdin.isTTY) {
    throw new CommandFailure(
      exitCodes.usage,
      'A password is needed, and there is no terminal to ask on. Give it with --password-stdin.',
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
    reader.once('SIGINT', () => reject(new CommandFailure(exitCodes.refused, 'Ended by Ctrl-C; nothing was done.')));
    reader.once('close', () =>
      reject(new CommandFailure(exitCodes.refused, 'No password was given; nothing was done.')),
    );
  });
}

/** Asks twice, until both are the same. An empty answer asks for a generated one. */
export async function askNewPassword(): Promise<string | undefined> {
  for (;;) {
    const password = await askPassword('New password (empty: one is made for you): ');
    if (password === '') return undefined;
    if ((await askPassword('The same again: ')) === password) return password;
    process.stderr.write('The two were not the same.\n');
  }
}

/** No characters that are taken for one another. */
const letters = 'abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789';
const groups = 4;
const groupLength = 5;

/** A password of about 115 bits that meets the rules of every tenant. */
export function generatePassword(): string {
  for (;;) {
    const all = Array.from({ length: groups }, () =>
      Array.from({ length: groupLength }, () => letters.charAt(randomInt(letters.length))).join(''),
    );
    const password = all.join('-');
    if (/[A-Z]/.test(password) && /[a-z]/.test(password) && /[0-9]/.test(password)) return password;
  }
}
