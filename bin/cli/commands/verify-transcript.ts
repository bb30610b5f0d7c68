import { readFile } from 'node:fs/promises';
import { Command } from 'commander';
import { type TranscriptVerdict, verifyTranscript } from '../../../shared/features/transcripts/signed-transcript.ts';
import { CommandFailure } from '../command-failure.ts';
import { exitCodes } from '../exit-codes.ts';
import { printResult } from '../output.ts';

const examples = `
Examples:
  $ npx switchboard verify-transcript conversation-01KAJ70A5CE8G1H3J6K9M2P4QR.signed.json

It needs no connection. The file contains the public key. Compare the fingerprint with one that you have from the operator
of the service: anyone can sign a false transcript with a key of their own. The exit code is 1 if the file was changed.`;

type Fault = Extract<TranscriptVerdict, { readonly valid: false }>['fault'];

const explanations: Readonly<Record<Fault, string>> = {
  form: 'the file is not a signed transcript',
  key: 'the public key in the file is not a key on P-256',
  signature: 'the signature is not by the key in the file',
  content: 'the content differs from the signed one',
  gap: 'an entry is missing',
};

export function verifyTranscriptCommand(): Command {
  return new Command('verify-transcript')
    .summary('check a signed transcript without the service')
    .description('Checks that a signed transcript has not been changed since the service signed it.')
    .argument('<file>', 'content of a transcript with the format signed')
    .option('--json', 'print the result as one JSON document')
    .addHelpText('after', examples)
    .action(verifyFile);
}

async function verifyFile(file: string, { json }: { readonly json?: boolean }): Promise<void> {
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new CommandFailure(exitCodes.usage, `Cannot read ${file}. Name a file that exists.`, { cause });
  });
  const verdict = verifyTranscript(text);
  printResult(json, documentOf(verdict), linesOf(verdict));
  if (!verdict.valid) process.exitCode = exitCodes.refused;
}

function documentOf(verdict: TranscriptVerdict) {
  if (!verdict.valid) return verdict;
  const { entries, ...others } = verdict.content;
  return { valid: true, ...others, entries: entries.length, fingerprint: verdict.fingerprint };
}

function linesOf(verdict: TranscriptVerdict): string[] {
  if (!verdict.valid) return [`Not valid: ${explanations[verdict.fault]}`];
  const { conversationId, at, isEnd, entries } = verdict.content;
  const range = `entries ${entries[0]?.seq ?? 0} to ${entries.at(-1)?.seq ?? 0}`;
  return [
    `Valid: ${range} of conversation ${conversationId}, as they were at ${at}`,
    isEnd ? '  The conversation had no later entry' : '  Later entries are in the next page',
    `  Signed with the key ${verdict.fingerprint} (SHA-256)`,
  ];
}
