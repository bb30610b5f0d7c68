import type { Assembly, Resource } from '../contract.ts';

export const region = 'eu-central-1';
export const accountId = '000000000000';

export function resource(logicalId: string, type: string, properties: Resource['properties'], arn?: string): Resource {
  return {
    stack: 'Test',
    logicalId,
    type,
    properties,
    physicalId: logicalId,
    ...(arn === undefined ? {} : { arn }),
  };
}

export function assemblyOf(resources: readonly Resource[], assets: Readonly<Record<string, string>> = {}): Assembly {
  return {
    directory: '/nowhere',
    region,
    accountId,
    resources,
    outputs: {},
    ofType: (type) => resources.filter((candidate) => candidate.type === type),
    byArn: (arn) => resources.find((candidate) => candidate.arn === arn),
    asset: (objectKey) => assets[objectKey],
  };
}

export function functionArn(name: string): string {
  return `arn:aws:lambda:${region}:${accountId}:function:${name}`;
}
