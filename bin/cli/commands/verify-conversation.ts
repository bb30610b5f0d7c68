import { Command } from 'commander';
import type { ConversationVerdict } from '../../../shared/features/checkpoints/verify-conversation.ts';
import { findDeployment } from '../deployment.ts';
import { exitCodes } from '../exit-codes.ts';
import { printResult, say } from '../output.ts';
import { type TargetOptions, withTarget } from '../target-options.ts';

interface VerifyOptions extends TargetOptions {
  readonly tenant: string;
  readonly conversation: string;
  readonly json?: boolean;
}

const examples = `
Examples:
  $ npx switchboard verify-conversation --tenant demo --conversation 01KAJ70A5CE8G1H3J6K9M2P4QR
  $ npx switchboard verify-conversation --aws --stage prod --tenant acme --conversation 01KAJ… --json

It changes nothing. The exit code is 1 if the conversation was changed.`;

const explanations: Readonly<Record<NonNullable<ConversationVerdict['tampering']>['reason'], string>> = {
  gap: 'it is missing, or another entry is in its place',
  time: 'it is older than the entry before it',
  count: 'it counts fewer messages than the entry before it',
  hash: 'its sender, time, kind or position was changed, or an earlier entry was changed',
  content: 'its content was changed',
  fold: 'its current form does not match its edits, deletions and reactions',
  end: 'a signed checkpoint contains it, but the log lacks it or has another entry in its place',
};

export function verifyConversationCommand(): Command {
  const command = new Command('verify-conversation')
    .summary('check that a conversation is unchanged')
    .description('Checks a conversation against its hash chain and the signed checkpoints outside the table.')
    .requiredOption('--tenant <slug>', 'tenant of the conversation')
    .requiredOption('--conversation <id>', 'id of the conversation')
    .option('--json', 'print the result as one JSON document');
  return withTarget(command).addHelpText('after', examples).action(verifyConversation);
}

async function verifyConversation({ tenant, conversation, json, ...target }: VerifyOptions): Promise<void> {
  const deployment = await findDeployment(target);
  say(`Reading the whole conversation in ${deployment.name}. A long conversation takes minutes`);
  const { verdict } = await deployment.provision({
    command: 'verifyConversation',
    tenant,
    conversationId: conversation,
  });
  printResult(
    json,
    { conversationId: conversation, intact: verdict.tampering === undefined, ...verdict },
    linesOf(verdict),
  );
  if (verdict.tampering !== undefined) process.exitCode = exitCodes.refused;
}

function linesOf({ entries, tampering, anchored, forgedCheckpoints }: ConversationVerdict): string[] {
  const result =
    tampering === undefined
      ? `Intact: ${entries} entries`
      : `Not intact. Entry ${tampering.seq}: ${explanations[tampering.reason]}`;
  const confirmed =
    anchored === undefined
      ? 'No checkpoint confirms it yet. The first one is signed within five minutes of a message'
      : `A checkpoint of ${anchored.at} confirms it up to entry ${anchored.seq}`;
  const forged = `${forgedCheckpoints} stored checkpoints were not signed by this deployment and are ignored`;
  return [result, `  ${confirmed}`, ...(forgedCheckpoints > 0 ? [`  ${forged}`] : [])];
}
