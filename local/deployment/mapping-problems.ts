import type { Assembly, Resource } from '../contract.ts';
import { readMapping, tableArnOf } from '../sources/mapping.ts';
import type { Mapping } from '../sources/mapping.ts';
import type { Judge } from './deployment-problems.ts';

const actionsToPoll: Readonly<Record<string, readonly string[]>> = {
  dynamodb: ['dynamodb:DescribeStream', 'dynamodb:GetRecords', 'dynamodb:GetShardIterator', 'dynamodb:ListStreams'],
  sqs: ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'],
};

const sendingActions: Readonly<Record<string, string>> = { sqs: 'sqs:SendMessage', sns: 'sns:Publish' };
const mostFilters = 5;
const longestPattern = 4_096;

/**
 * Finds event source mappings that Lambda would not create.
 * https://docs.aws.amazon.com/lambda/latest/dg/with-ddb-create-package.html
 * https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html
 */
export function mappingProblems(assembly: Assembly, judge: Judge): string[] {
  return assembly.ofType('AWS::Lambda::EventSourceMapping').flatMap((resource) => {
    const mapping = readMapping(resource);
    if (mapping === undefined) return [];
    const problems = [...rightsMissing(assembly, judge, mapping), ...limitsBroken(assembly, resource, mapping)];
    return problems.map((problem) => `Event source mapping ${resource.logicalId}: ${problem}`);
  });
}

function rightsMissing(assembly: Assembly, judge: Judge, mapping: Mapping): string[] {
  const { sourceArn, onFailureArn, functionName } = mapping;
  const roleArn = functionOf(assembly, functionName)?.properties['Role'];
  if (typeof roleArn !== 'string') return [`the function ${functionName} does not exist.`];
  const needed = (actionsToPoll[serviceOf(sourceArn)] ?? []).map((action) => [action, sourceArn]);
  // The table's key also encrypts its stream.
  // https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/encryption.usagenotes.html
  const key = judge.encryptionKeys.get(tableArnOf(sourceArn));
  if (key !== undefined) needed.push(['kms:Decrypt', key]);
  const sending = onFailureArn === undefined ? undefined : sendingActions[serviceOf(onFailureArn)];
  if (sending !== undefined && onFailureArn !== undefined) needed.push([sending, onFailureArn]);
  return needed
    .map(([action = '', resource = '']) => judge.mayRole(roleArn, action, resource))
    .filter(({ allowed }) => !allowed)
    .map(({ reason }) => reason);
}

/** https://docs.aws.amazon.com/lambda/latest/api/API_CreateEventSourceMapping.html */
function limitsBroken(assembly: Assembly, { properties }: Resource, mapping: Mapping): string[] {
  const problems: string[] = [];
  const filters = (properties['FilterCriteria'] as { Filters?: readonly { Pattern: string }[] } | undefined)?.Filters;
  if ((filters?.length ?? 0) > mostFilters) problems.push(`it has more than ${mostFilters} filters.`);
  for (const { Pattern } of filters ?? []) {
    if (Pattern.length > longestPattern) problems.push(`a filter has more than ${longestPattern} characters.`);
  }
  const isQueue = serviceOf(mapping.sourceArn) === 'sqs';
  if (isQueue && mapping.batchSize > 10 && mapping.windowMs < 1_000) {
    problems.push('a batch of more than 10 messages needs a window of at least 1 second.');
  }
  const factor = Number(properties['ParallelizationFactor'] ?? 1);
  if (!(factor >= 1 && factor <= 10)) problems.push('its parallelization factor is not 1 to 10.');
  const visibility = Number(assembly.byArn(mapping.sourceArn)?.properties['VisibilityTimeout'] ?? 30);
  const timeout = Number(functionOf(assembly, mapping.functionName)?.properties['Timeout'] ?? 3);
  if (isQueue && visibility < timeout) {
    problems.push(`Queue visibility timeout: ${visibility} seconds is less than Function timeout: ${timeout} seconds`);
  }
  return problems;
}

function functionOf(assembly: Assembly, name: string): Resource | undefined {
  return assembly.ofType('AWS::Lambda::Function').find(({ physicalId }) => physicalId === name);
}

function serviceOf(arn: string): string {
  return arn.split(':')[2] ?? '';
}
