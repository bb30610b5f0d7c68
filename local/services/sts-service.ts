import type { Assembly, Service } from '../contract.ts';
import type { Identities } from '../endpoint/identities.ts';
import { sessionPolicy } from '../iam/access-control.ts';
import { sessionTagsOf } from '../iam/message-access.ts';
import { textOf } from '../text-of.ts';
import { queryResponse, ServiceError, xmlText } from './responses.ts';

const namespace = 'https://sts.amazonaws.com/doc/2011-06-15/';
const shortestSeconds = 900;
const longestSeconds = 43_200;
/** Limit for role chaining, which all environments do. */
const longestChainedSeconds = 3600;

/** https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html */
export function stsService(assembly: Assembly, identities: Identities): Service {
  const roles = new Set(assembly.ofType('AWS::IAM::Role').map((role) => role.arn));
  return async ({ operation, input, caller, accessKeyId }) => {
    switch (operation) {
      case 'AssumeRole': {
        const roleArn = textOf(input['RoleArn']);
        if (!roles.has(roleArn)) throw new ServiceError('AccessDenied', `${roleArn} cannot be assumed.`, 403);
        const policy = input['Policy'];
        const sessionName = textOf(input['RoleSessionName']);
        const credentials = identities.assume(
          {
            environmentKeyId: identities.environmentKeyOf(accessKeyId ?? ''),
            roleArn,
            sessionName,
            sessionTags: sessionTagsOf(input),
            sessionPolicy: typeof policy === 'string' ? sessionPolicy(policy) : undefined,
          },
          durationOf(input['DurationSeconds'], caller !== undefined),
        );
        const name = roleArn.split('/').at(-1) ?? '';
        return queryResponse(
          'AssumeRole',
          namespace,
          `<Credentials><AccessKeyId>${credentials.accessKeyId}</AccessKeyId>` +
            `<SecretAccessKey>${credentials.secretAccessKey}</SecretAccessKey>` +
            `<SessionToken>${credentials.sessionToken}</SessionToken>` +
            `<Expiration>${credentials.expiresAt.toISOString()}</Expiration></Credentials>` +
            `<AssumedRoleUser><AssumedRoleId>AROALOCAL:${xmlText(sessionName)}</AssumedRoleId>` +
            `<Arn>arn:aws:sts::${assembly.accountId}:assumed-role/${name}/${xmlText(sessionName)}</Arn></AssumedRoleUser>`,
        );
      }
      case 'GetCallerIdentity': {
        const name = caller?.roleArn.split('/').at(-1);
        const arn =
          caller === undefined
            ? `arn:aws:iam::${assembly.accountId}:root`
            : `arn:aws:sts::${assembly.accountId}:assumed-role/${name}/${caller.functionName}`;
        return queryResponse(
          'GetCallerIdentity',
          namespace,
          `<Arn>${arn}</Arn><UserId>AROALOCAL</UserId><Account>${assembly.accountId}</Account>`,
        );
      }
      default:
        throw new ServiceError('InvalidAction', `The local run does not support sts:${operation}.`);
    }
  };
}

function durationOf(given: unknown, isChained: boolean): number {
  if (given === undefined) return longestChainedSeconds;
  const seconds = Number(given);
  const most = isChained ? longestChainedSeconds : longestSeconds;
  if (seconds >= shortestSeconds && seconds <= most) return seconds;
  throw new ServiceError('ValidationError', `DurationSeconds must be ${shortestSeconds} to ${most} here.`);
}
