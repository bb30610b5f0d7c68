import { loadAwsServiceSpecSync } from '@aws-cdk/aws-service-spec';
import type { PropertyType, Resource, ResourceProperties } from '@aws-cdk/service-spec-types';

/** Takes half a second to load. */
const database = loadAwsServiceSpecSync();
const byType = new Map<string, Resource | undefined>();

export function resourceType(name: string): Resource | undefined {
  if (!byType.has(name)) {
    byType.set(name, database.lookup('resource', 'cloudFormationType', 'equals', name).at(0));
  }
  return byType.get(name);
}

/** The properties and attributes of custom resources depend on their function. */
export function isCustom(type: string): boolean {
  return type.startsWith('Custom::') || type === 'AWS::CloudFormation::CustomResource';
}

export function membersOf(type: PropertyType & { type: 'ref' }): ResourceProperties {
  return database.get('typeDefinition', type.reference).properties;
}
