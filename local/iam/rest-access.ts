import type { AccessOf, Surroundings } from './aws-call.ts';
import { lookupOf, singleAction } from './aws-call.ts';
import type { Lookup } from './patterns.ts';
import { mailAddress, recipientsOf } from '../services/mail-identities.ts';
import type { MailIdentities } from '../services/mail-identities.ts';
import { textOf } from '../text-of.ts';

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-websocket-control-access-iam.html */
export function connectionsAccess({ region, accountId }: Surroundings): AccessOf {
  return ({ method, path }) => {
    const [, apiId = '', stage = '', , ...connection] = path.split('/');
    const id = connection.join('/');
    const resource = `arn:aws:execute-api:${region}:${accountId}:${apiId}/${stage}/${method}/@connections/${id}`;
    return singleAction('execute-api:ManageConnections', resource, undefined, id);
  };
}

/**
 * The sandbox checks recipients too.
 * https://docs.aws.amazon.com/ses/latest/dg/control-user-access.html
 * https://github.com/aws/aws-sdk-js/issues/3641
 */
export function sesAccess({ region, accountId }: Surroundings, identities: MailIdentities): AccessOf {
  const arnOf = (resource: string): string => `arn:aws:ses:${region}:${accountId}:${resource}`;
  return ({ operation, input }) => {
    const from = textOf(input['FromEmailAddress']);
    const sender = mailAddress(from);
    const recipients = recipientsOf(input);
    const replyTo = input['FeedbackForwardingEmailAddress'];
    const lookup = lookupOf({
      'ses:apiversion': '2',
      'ses:fromaddress': sender,
      'ses:fromdisplayname': /^\s*"?([^"<]*?)"?\s*</.exec(from)?.[1],
      'ses:feedbackaddress': typeof replyTo === 'string' ? replyTo : undefined,
      'ses:recipients': recipients,
    });
    const identity = identities.covering(sender) ?? sender;
    const set = input['ConfigurationSetName'] ?? identities.configurationSetOf(identity);
    const judged = identities.isSandbox ? recipients : [];
    const resources = new Set([
      arnOf(`identity/${identity}`),
      ...(typeof set === 'string' ? [arnOf(`configuration-set/${set}`)] : []),
      ...judged.map((recipient) => arnOf(`identity/${identities.covering(recipient) ?? recipient}`)),
    ]);
    return {
      requests: [...resources].map((resource) => ({ action: `ses:${operation}`, resource, lookup })),
      resource: sender,
    };
  };
}

export function lambdaAccess({ region, accountId }: Surroundings): AccessOf {
  return ({ operation, path }) => {
    const named = decodeURIComponent(path.split('/')[3] ?? '');
    const resource = named.startsWith('arn:') ? named : `arn:aws:lambda:${region}:${accountId}:function:${named}`;
    const action = operation === 'Invoke' ? 'InvokeFunction' : operation;
    return singleAction(`lambda:${action}`, resource, undefined, resource.split(':function:').at(-1));
  };
}

/**
 * The caller passes the target's role.
 * https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoneventbridgescheduler.html
 */
export function schedulerAccess({ region, accountId }: Surroundings): AccessOf {
  return ({ operation, path, query, input }) => {
    const name = decodeURIComponent(path.split('/')[2] ?? '');
    if (name === '') return singleAction(`scheduler:${operation}`, '*');
    const group = textOf(input['GroupName'] ?? query.get('groupName'), 'default');
    const resource = `arn:aws:scheduler:${region}:${accountId}:schedule/${group}/${name}`;
    const access = singleAction(`scheduler:${operation}`, resource, undefined, name);
    const { RoleArn: role } = (input['Target'] ?? {}) as { readonly RoleArn?: unknown };
    if (typeof role !== 'string') return access;
    const lookup = lookupOf({ 'iam:passedtoservice': 'scheduler.amazonaws.com' });
    return { ...access, requests: [...access.requests, { action: 'iam:PassRole', resource: role, lookup }] };
  };
}

/**
 * Actions and operations have different names.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-with-s3-policy-actions.html
 */
export const s3Access: AccessOf = ({ operation, path, query, headers }) => {
  const [, bucket = '', ...keyParts] = path.split('/');
  const key = decodeURIComponent(keyParts.join('/'));
  const bucketArn = `arn:aws:s3:::${bucket}`;
  const objectArn = `${bucketArn}/${key}`;
  switch (operation) {
    case 'ListBuckets':
      return singleAction('s3:ListAllMyBuckets', '*');
    case 'ListObjects':
    case 'ListObjectsV2':
    case 'HeadBucket': {
      const lookup = lookupOf({
        's3:prefix': query.get('prefix') ?? (operation === 'HeadBucket' ? undefined : ''),
        's3:delimiter': query.get('delimiter') ?? undefined,
        's3:max-keys': query.get('max-keys') ?? undefined,
      });
      return singleAction('s3:ListBucket', bucketArn, lookup, bucket);
    }
    case 'CopyObject': {
      const source = decodeURIComponent(headers['x-amz-copy-source'] ?? '')
        .replace(/^\//, '')
        .split('?', 1)[0];
      return {
        requests: [
          { action: 's3:GetObject', resource: `arn:aws:s3:::${source}`, lookup: () => undefined },
          { action: 's3:PutObject', resource: objectArn, lookup: objectLookup(headers) },
        ],
        resource: `${bucket}/${key}`,
      };
    }
    case 'DeleteObjects':
      return singleAction('s3:DeleteObject', `${bucketArn}/*`, undefined, bucket);
    default: {
      const action = objectActions[operation];
      if (action !== undefined)
        return singleAction(action, objectArn, objectLookup(headers, query), `${bucket}/${key}`);
      return singleAction(`s3:${operation}`, bucketArn, undefined, bucket);
    }
  }
};

const objectActions: Readonly<Record<string, string>> = {
  GetObject: 's3:GetObject',
  HeadObject: 's3:GetObject',
  GetObjectAttributes: 's3:GetObjectAttributes',
  PutObject: 's3:PutObject',
  PostObject: 's3:PutObject',
  DeleteObject: 's3:DeleteObject',
  CreateMultipartUpload: 's3:PutObject',
  UploadPart: 's3:PutObject',
  CompleteMultipartUpload: 's3:PutObject',
  AbortMultipartUpload: 's3:AbortMultipartUpload',
  ListParts: 's3:ListMultipartUploadParts',
  GetObjectTagging: 's3:GetObjectTagging',
  PutObjectTagging: 's3:PutObjectTagging',
};

/**
 * `headers` may also be a form's fields.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/bucket-policy-s3-sigv4-conditions.html
 */
export function objectLookup(headers: Readonly<Record<string, string>>, query = new URLSearchParams()): Lookup {
  const signedAt = query.get('X-Amz-Date');
  return lookupOf({
    's3:authtype': signedAt === null ? 'REST-HEADER' : 'REST-QUERY-STRING',
    's3:signatureage': signedAt === null ? undefined : String(Date.now() - signingTime(signedAt)),
    's3:x-amz-server-side-encryption': headers['x-amz-server-side-encryption'],
    's3:x-amz-server-side-encryption-aws-kms-key-id': headers['x-amz-server-side-encryption-aws-kms-key-id'],
    's3:x-amz-acl': headers['x-amz-acl'],
  });
}

/** Milliseconds since 1970. */
export function signingTime(text: string): number {
  const [, year, month, day, hour, minute, second] = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(text) ?? [];
  return Date.UTC(Number(year), Number(month) - 1, Number(day), Number(hour), Number(minute), Number(second));
}
