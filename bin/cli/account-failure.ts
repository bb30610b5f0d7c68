import { CommandFailure } from './command-failure.ts';
import { exitCodes } from './exit-codes.ts';

export function accountFailure(cause: unknown, target: string): CommandFailure {
  const { name, message } = cause instanceof Error ? cause : { name: '', message: String(cause) };
  const text = sentenceFor(name, message, target);
  return new CommandFailure(isForbidden(name) ? exitCodes.refused : exitCodes.unreachable, text, { cause });
}

function sentenceFor(name: string, message: string, target: string): string {
  if (name === 'ValidationError' && message.includes('does not exist')) {
    return `There is no deployment of ${target}: ${message}.\nDeploy it with npx cdk deploy --all, or choose another --stage, --region or --profile.`;
  }
  if (/CredentialsProviderError|TokenProviderError/.test(name) || /Could not load credentials/.test(message)) {
    return `No AWS credentials were found: ${message}\nSign in (aws sso login, aws configure) or choose a --profile.`;
  }
  if (/ExpiredToken|InvalidClientTokenId|UnrecognizedClient|SignatureDoesNotMatch|InvalidSignature/.test(name)) {
    return `AWS rejected the credentials (${name}): ${message}\nSign in again, or choose another --profile.`;
  }
  if (isForbidden(name)) {
    return `Your AWS identity lacks permission: ${message}\nIt needs cloudformation:DescribeStacks, and lambda:InvokeFunction on the function provision.`;
  }
  if (/Region is missing/.test(message)) {
    return 'The region is unknown. Pass --region, or add the stage to cdk.json.';
  }
  if (/ENOTFOUND|ECONNREFUSED|ECONNRESET|EAI_AGAIN|ETIMEDOUT|TimeoutError/.test(`${name} ${message}`)) {
    return `AWS or the local run is unreachable (${message || name}).\nCheck the network, the --region, and whether npm start still runs.`;
  }
  return `The call to ${target} failed: ${name} ${message}`;
}

function isForbidden(name: string): boolean {
  return /AccessDenied|UnauthorizedOperation/.test(name);
}
