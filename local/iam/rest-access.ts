import type { AccessOf, Surroundings } from './aws-call.ts';
import { lookupOf, singleAction } from './aws-call.ts';
import type { Lookup } from './patterns.ts';
import { textOf } from '../text-of.ts';

/**
 * `execute-api:ManageConnections` on `<api>/<stage>/<METHOD>/@connections/<id>`.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-websocket-control-access-iam.html
 */
export function connectionsAccess({ region, accountId }: Surroundings): AccessOf {
  return ({ method, path }) => {
    const [, apiId = '', stage = '', , ...connection] = path.split('/');
    const id = connection.join('/');
    const resource = `arn:aws:execute-api:${region}:${accountId}:${apiId}/${stage}/${method}/@connections/${id}`;
    return singleAction('execute-api:ManageConnections', resource, undefined, id);
  };
}

/** `ses:SendEmail` on the identity that sends; the longest identity of the account that covers the address. */
export function sesAccess({ region, accountId }: Surroundings, identities: readonly string[]): AccessOf {
  return ({ operation, input }) => {
    const from = textOf(input['FromEmailAddress']);
    const address = /<([^>]+)>/.exec(from)?.[1] ?? from;
    const domain = address.slice(address.lastIndexOf('@') + 1);
    const covers = (identity: string): boolean =>
      identity === address || identity === domain || domain.endsWith(`.${identity}`);
    const identity = identities.filter(covers).sort((a, b) => b.length - a.length)[0] ?? address;
    const resource = `arn:aws:ses:${region}:${accountId}:identity/${identity}`;
    const destination = (input['Destination'] ?? {}) as Readonly<Record<string, readonly string[]>>;
    const lookup = lookupOf({
      'ses:fromaddress': address,
      'ses:recipients': Object.values(destination).flat(),
    });
    const set = input['ConfigurationSetName'];
    const base = singleAction(`ses:${operation}`, resource, lookup, address);
    if (typeof set !== 'string') return base;
    const setArn = `arn:aws:ses:${region}:${accountId}:configuration-set/${set}`;
    return { ...base, requests: [...base.requests, { action: `ses:${operation}`, resource: setArn, lookup }] };
  };
}

/** `lambda:InvokeFunction` on the function. */
export function lambdaAccess({ region, accountId }: Surroundings): AccessOf {
  return ({ operation, path }) => {
    const named = decodeURIComponent(path.split('/')[3] ?? '');
    const resource = named.startsWith('arn:') ? named : `arn:aws:lambda:${region}:${accountId}:function:${named}`;
    const action = operation === 'Invoke' ? 'InvokeFunction' : operation;
    return singleAction(`lambda:${action}`, resource, undefined, resource.split(':function:').at(-1));
  };
}

/**
 * S3 actions do not bear their operations' names.
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
 * What policies can ask about a request on an object; `headers` may also be the fields of a form.
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

/** `20261121T083000Z` in milliseconds since the epoch. */
export function signingTime(text: string): number {
  const [, year, month, day, hour, minute, second] = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(text) ?? [];
  return Date.UTC(Number(year), Number(month) - 1, Number(day), Number(hour), Number(minute), Number(second));
}
