import { loadAwsServiceSpecSync } from '@aws-cdk/aws-service-spec';
import type { PropertyType, Resource, ResourceProperties } from '@aws-cdk/service-spec-types';

/** The CloudFormation resource specification, as the AWS CDK's authors publish it. Half a second to load. */
const database = loadAwsServiceSpecSync();
const byType = new Map<string, Resource | undefined>();

/** A resource type, `undefined` if there is none of that name. */
export function resourceType(name: string): Resource | undefined {
  if (!byType.has(name)) {
    byType.set(name, database.lookup('resource', 'cloudFormationType', 'equals', name).at(0));
  }
  return byType.get(name);
}

/** Custom resources have the properties and attributes that their function gives them. */
export function isCustom(type: string): boolean {
  return type.startsWith('Custom::') || type === 'AWS::CloudFormation::CustomResource';
}

/** Members of the object that a type refers to. */
export function membersOf(type: PropertyType & { type: 'ref' }): ResourceProperties {
  return database.get('typeDefinition', type.reference).properties;
}
