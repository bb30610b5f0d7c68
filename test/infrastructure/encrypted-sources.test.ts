import { describe, expect, it } from 'vitest';
import { asText, type Resource, synthesiseStage } from './synthesised-stage.ts';

const stage = synthesiseStage('dev');
const mappings = Object.entries(stage.ofType('AWS::Lambda::EventSourceMapping'));
const policies = Object.values(stage.ofType('AWS::IAM::Policy'));

/** Exports contain the logical id. */
function refersTo(value: unknown, logicalId: string): boolean {
  return asText(value).includes(logicalId);
}

function logicalIdsOf(...types: readonly string[]): [string, Resource][] {
  return types
    .flatMap((type) => Object.entries(stage.ofType(type)))
    .map(([id, resource]) => [id.slice(id.indexOf('/') + 1), resource]);
}

const keyIds = logicalIdsOf('AWS::KMS::Key').map(([id]) => id);
const sources = logicalIdsOf(
  'AWS::DynamoDB::GlobalTable',
  'AWS::DynamoDB::Table',
  'AWS::SQS::Queue',
  'AWS::Kinesis::Stream',
).map(([id, { Properties }]) => ({ id, keys: keyIds.filter((keyId) => refersTo(Properties, keyId)) }));

function decrypts(mapping: Resource, keyId: string): boolean {
  const [functionId] =
    logicalIdsOf('AWS::Lambda::Function').find(([id]) => refersTo(mapping.Properties['FunctionName'], id)) ?? [];
  const [, lambda] = logicalIdsOf('AWS::Lambda::Function').find(([id]) => id === functionId) ?? [];
  const role = (lambda?.Properties['Role'] as { 'Fn::GetAtt': [string, string] })['Fn::GetAtt'][0];
  return policies
    .filter((policy) => (policy.Properties['Roles'] as { Ref: string }[]).some(({ Ref }) => Ref === role))
    .flatMap((policy) => (policy.Properties['PolicyDocument'] as { Statement: Record<string, unknown>[] }).Statement)
    .some(
      (statement) =>
        statement['Effect'] === 'Allow' &&
        [statement['Action']].flat().includes('kms:Decrypt') &&
        refersTo(statement['Resource'], keyId),
    );
}

describe('a function’s own role', () => {
  it.each(mappings)('may decrypt the event source that Lambda polls with it (%s)', (_id, mapping) => {
    const source = sources.filter(({ id }) => refersTo(mapping.Properties['EventSourceArn'], id));
    expect(source).toHaveLength(1);
    const [{ keys } = { keys: [] }] = source;
    expect(keys.filter((key) => !decrypts(mapping, key))).toEqual([]);
  });

  it('has at least one encrypted event source to check', () => {
    const polled = sources.filter(({ id }) =>
      mappings.some(([, mapping]) => refersTo(mapping.Properties['EventSourceArn'], id)),
    );
    expect(polled.some(({ keys }) => keys.length > 0)).toBe(true);
  });
});
