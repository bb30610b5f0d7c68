import { CommandFailure } from './command-failure.ts';
import { exitCodes } from './exit-codes.ts';

/** Turns a failed call of AWS into words that say what to do. */
export function accountFailure(cause: unknown, where: string): CommandFailure {
  const { name, message } = cause instanceof Error ? cause : { name: '', message: String(cause) };
  const text = sentenceFor(name, message, where);
  return new CommandFailure(isForbidden(name) ? exitCodes.refused : exitCodes.unreachable, text, { cause });
}

function sentenceFor(name: string, message: string, where: string): string {
  if (name === 'ValidationError' && message.includes('does not exist')) {
    return `Nothing is deployed as ${where}: ${message}.\nDeploy it (npx cdk deploy --all), or name another --stage, --region or --profile.`;
  }
  if (/CredentialsProviderError|TokenProviderError/.test(name) || /Could not load credentials/.test(message)) {
    return `There are no AWS credentials to use: ${message}\nSign in (aws sso login, aws configure) or name a --profile.`;
  }
  if (/ExpiredToken|InvalidClientTokenId|UnrecognizedClient|SignatureDoesNotMatch|InvalidSignature/.test(name)) {
    return `AWS does not take the credentials (${name}): ${message}\nSign in again, or name another --profile.`;
  }
  if (isForbidden(name)) {
    return `Your AWS identity may not do this: ${message}\nIt needs cloudformation:DescribeStacks, and lambda:InvokeFunction on the function provision.`;
  }
  if (/Region is missing/.test(message)) {
    return 'No region is known. Name it with --region, or add the stage to cdk.json.';
  }
  if (/ENOTFOUND|ECONNREFUSED|ECONNRESET|EAI_AGAIN|ETIMEDOUT|TimeoutError/.test(`${name} ${message}`)) {
    return `AWS, or the local run in its place, cannot be reached (${message || name}).\nCheck the network, the --region, and whether npm start still runs.`;
  }
  return `The call for ${where} failed: ${name} ${message}`;
}

function isForbidden(name: string): boolean {
  return /AccessDenied|UnauthorizedOperation/.test(name);
}
