import { describe, expect, it } from 'vitest';
import { type FunctionName, functionNames } from '../../lib/functions/definitions.ts';
import { accessControl } from '../../local/iam/access-control.ts';
import { loadAssembly } from '../../local/template/assembly.ts';
import { environmentNames } from '../../shared/core/runtime/config.ts';
import { asText, synthesiseStage } from './synthesised-stage.ts';

interface Statement {
  readonly Sid?: string;
  readonly Effect: 'Allow' | 'Deny';
  readonly Action: string | readonly string[];
  readonly Resource: unknown;
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

const stage = synthesiseStage('dev');
const functions = Object.fromEntries(
  Object.entries(stage.ofType('AWS::Lambda::Function'))
    .filter(([, resource]) => resource.Properties['FunctionName'] !== undefined)
    .map(([id, resource]) => [
      String(resource.Properties['FunctionName']).replace('switchboard-dev-', ''),
      { id, resource },
    ]),
);
const policies = Object.values(stage.ofType('AWS::IAM::Policy'));

function roleOf(name: FunctionName): string {
  const role = functions[name]?.resource.Properties['Role'] as { 'Fn::GetAtt': [string, string] };
  return role['Fn::GetAtt'][0];
}

/** Undefined if the function uses no tenant data. */
function tenantRoleOf(name: FunctionName): string | undefined {
  const role = environmentOf(name)['TENANT_ROLE_ARN'] as { 'Fn::GetAtt': [string, string] } | undefined;
  return role?.['Fn::GetAtt'][0];
}

function statementsOfRole(role: string | undefined): Statement[] {
  return policies
    .filter((policy) => (policy.Properties['Roles'] as { Ref: string }[]).some((attached) => attached.Ref === role))
    .flatMap((policy) => (policy.Properties['PolicyDocument'] as { Statement: Statement[] }).Statement);
}

const ownStatementsOf = (name: FunctionName) => statementsOfRole(roleOf(name));
const tenantStatementsOf = (name: FunctionName) => statementsOfRole(tenantRoleOf(name));
const statementsOf = (name: FunctionName) => [...ownStatementsOf(name), ...tenantStatementsOf(name)];

const dynamoDb = (statement: Statement) => actionsOf(statement).some((action) => action.startsWith('dynamodb:'));
const isAllowed = (statement: Statement) => statement.Effect === 'Allow';
const isOfStream = (statement: Statement) => statement.Sid === 'Stream' || statement.Sid === 'StreamKey';
const isTableAccess = (statement: Statement) => isAllowed(statement) && dynamoDb(statement) && !isOfStream(statement);

function actionsOf({ Action: actions }: Statement): readonly string[] {
  return typeof actions === 'string' ? [actions] : actions;
}

function resourcesOf(statement: Statement): unknown[] {
  return Array.isArray(statement.Resource) ? (statement.Resource as unknown[]) : [statement.Resource];
}

function allowed(action: string, sid?: string): string[] {
  return functionNames.filter((name) =>
    statementsOf(name)
      .filter((statement) => sid === undefined || statement.Sid === sid)
      .some((statement) => statement.Effect === 'Allow' && actionsOf(statement).includes(action)),
  );
}

function environmentOf(name: FunctionName): Record<string, unknown> {
  const environment = functions[name]?.resource.Properties['Environment'] as { Variables: Record<string, unknown> };
  return environment.Variables;
}

describe('the policy of each function', () => {
  it('is attached to no other function', () => {
    const roles = functionNames.flatMap((name) => [roleOf(name), tenantRoleOf(name) ?? []].flat());
    expect(new Set(roles).size).toBe(roles.length);
    const owned = Object.entries(stage.ofType('AWS::IAM::Role')).filter(([id]) =>
      roles.includes(id.split('/')[1] ?? ''),
    );
    expect(owned.length).toBe(roles.length);
    for (const [id, role] of owned) expect(role.Properties, id).not.toHaveProperty('ManagedPolicyArns');
  });

  it('allows all resources only for X-Ray, which supports nothing narrower', () => {
    for (const name of functionNames) {
      const everywhere = statementsOf(name).filter(
        (statement) => statement.Effect === 'Allow' && resourcesOf(statement).includes('*'),
      );
      expect(everywhere.flatMap(actionsOf).sort(), name).toEqual(['xray:PutTelemetryRecords', 'xray:PutTraceSegments']);
    }
  });

  it('names every action in full', () => {
    for (const name of functionNames) {
      const granted = statementsOf(name).filter((statement) => statement.Effect === 'Allow');
      expect(
        granted.flatMap(actionsOf).filter((action) => action.includes('*')),
        name,
      ).toEqual([]);
    }
  });

  it('denies Scan and PartiQL to every function that uses a table', () => {
    expect(allowed('dynamodb:Scan')).toEqual([]);
    for (const name of functionNames) {
      for (const statements of [ownStatementsOf(name), tenantStatementsOf(name)]) {
        const reached = statements.filter(isTableAccess);
        const denials = statements.filter((statement) => !isAllowed(statement));
        expect(denials.length, name).toBe(reached.length > 0 ? 1 : 0);
        if (reached.length > 0)
          expect(denials.flatMap(actionsOf).sort()).toEqual(['dynamodb:PartiQL*', 'dynamodb:Scan']);
        const tables = reached.filter(({ Sid }) => !Sid?.endsWith('Indexes')).flatMap(resourcesOf);
        for (const resource of tables) expect(denials.flatMap(resourcesOf).map(asText)).toContain(asText(resource));
      }
    }
  });

  it('limits the tenant role to keys of the session’s tenant, and the function’s own role to keys of the platform', () => {
    const keysLike = (pattern: string) => ({
      'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': [pattern] },
      Null: { 'dynamodb:LeadingKeys': 'false' },
    });
    for (const name of functionNames) {
      const reaching = (statements: Statement[]) => statements.filter(isTableAccess).map(({ Condition }) => Condition);
      for (const condition of reaching(ownStatementsOf(name))) expect(condition, name).toEqual(keysLike('P#*'));
      for (const condition of reaching(tenantStatementsOf(name))) {
        expect(condition, name).toEqual(keysLike('T#${aws:PrincipalTag/tenant}#*'));
      }
    }
  });

  it('limits the tenant role to its function, and to one tenant in each session', () => {
    const withTenants = functionNames.filter((name) => tenantRoleOf(name) !== undefined);
    expect(functionNames.filter((name) => !withTenants.includes(name))).toEqual(['health']);
    for (const name of withTenants) {
      const id = Object.keys(stage.ofType('AWS::IAM::Role')).find(
        (roleId) => roleId.split('/')[1] === tenantRoleOf(name),
      );
      const { AssumeRolePolicyDocument: trust } = stage.ofType('AWS::IAM::Role')[id ?? '']?.Properties as unknown as {
        AssumeRolePolicyDocument: { Statement: (Statement & { Principal: unknown })[] };
      };
      expect(trust.Statement, name).toHaveLength(1);
      const [statement] = trust.Statement as [Statement & { Principal: unknown }];
      expect(actionsOf(statement)).toEqual(['sts:AssumeRole', 'sts:TagSession']);
      expect(asText(statement.Principal)).toMatch(/:root/);
      expect(statement.Condition).toEqual({
        ArnEquals: { 'aws:PrincipalArn': { 'Fn::GetAtt': [roleOf(name), 'Arn'] } },
        StringLike: { 'aws:RequestTag/tenant': '?'.repeat(26) },
        'ForAllValues:StringEquals': { 'aws:TagKeys': ['tenant'] },
      });
      const assume = ownStatementsOf(name).filter((statement) =>
        actionsOf(statement).some((action) => action.startsWith('sts:')),
      );
      expect(assume.flatMap(resourcesOf)).toEqual([{ 'Fn::GetAtt': [tenantRoleOf(name), 'Arn'] }]);
      expect(
        tenantStatementsOf(name).filter((statement) =>
          actionsOf(statement).some((action) => action.startsWith('sts:')),
        ),
      ).toEqual([]);
    }
  });

  it('allows only auth to sign a token', () => {
    expect(allowed('kms:Sign', 'SigningKey')).toEqual(['auth']);
    expect(allowed('kms:Sign', 'RecordsKey')).toEqual(['transcripts', 'checkpoint-logs']);
    const statement = statementsOf('auth').find(({ Sid }) => Sid === 'SigningKey');
    expect(
      resourcesOf(statement as Statement)
        .map(asText)
        .join(),
    ).toContain('SigningKey');
  });

  it('allows auth to sign with the first key of the stage only, and verifiers to read every key', () => {
    const rotating = synthesiseStage('dev', { signingKeys: [2, 1] });
    const granted = (sid: string) =>
      Object.values(rotating.ofType('AWS::IAM::Policy'))
        .flatMap((policy) => (policy.Properties['PolicyDocument'] as { Statement: Statement[] }).Statement)
        .filter((statement) => statement.Sid === sid)
        .map((statement) =>
          resourcesOf(statement)
            .map((resource) => /SigningKey\d/.exec(asText(resource))?.[0])
            .sort(),
        );
    expect(granted('SigningKey')).toEqual([['SigningKey2']]);
    expect(granted('PublishedKeys')).toEqual(Array.from({ length: 4 }, () => ['SigningKey1', 'SigningKey2']));
  });

  it('allows only verifiers to read the public key', () => {
    const verifiers = ['health', 'auth', 'authorize-http', 'authorize-socket'];
    expect(allowed('kms:GetPublicKey', 'PublishedKeys')).toEqual(verifiers);
    expect(allowed('kms:GetPublicKey', 'RecordsKey')).toEqual(['transcripts', 'provision']);
  });

  it('allows unwrapping a data key for the session’s tenant only, and creating one where tenants are created', () => {
    expect(allowed('kms:GenerateDataKeyWithoutPlaintext')).toEqual(['provision']);
    for (const name of functionNames) {
      for (const statement of statementsOf(name).filter(({ Sid }) => Sid === 'DataKey')) {
        expect(statement.Condition, name).toEqual({
          StringEquals: { 'kms:EncryptionContext:tenant': '${aws:PrincipalTag/tenant}' },
        });
      }
      expect(
        ownStatementsOf(name).some(({ Sid }) => Sid === 'DataKey'),
        name,
      ).toBe(false);
    }
  });

  it('allows the key of the tables through DynamoDB only, for every function that uses a table', () => {
    for (const statements of functionNames.flatMap((name) => [ownStatementsOf(name), tenantStatementsOf(name)])) {
      const usesTable = statements.some(isTableAccess);
      const useOfKey = statements.filter(
        (statement) => asText(statement.Resource).includes('TableKey') && !isOfStream(statement),
      );
      expect(useOfKey.length).toBe(usesTable ? 1 : 0);
      for (const statement of useOfKey) {
        expect(statement.Condition).toEqual({
          StringEquals: { 'kms:ViaService': 'dynamodb.eu-central-1.amazonaws.com' },
        });
        expect(actionsOf(statement)).toContain('kms:Decrypt');
      }
    }
  });

  it('allows index queries only to functions that list a directory or tickets', () => {
    const query = (sid: string) => functionNames.filter((name) => statementsOf(name).some(({ Sid }) => Sid === sid));
    expect(query('Indexes')).toEqual(['users', 'admin', 'integrations']);
    expect(query('PlatformIndexes')).toEqual(['provision']);
    for (const sid of ['Indexes', 'PlatformIndexes']) {
      for (const name of query(sid)) {
        const statement = statementsOf(name).find(({ Sid }) => Sid === sid) as Statement;
        expect(actionsOf(statement)).toEqual(['dynamodb:Query']);
        expect(asText(statement.Resource)).toContain('/index/collection');
      }
    }
  });

  it('allows sockets of its stage only, to send or to close', () => {
    expect(allowed('execute-api:ManageConnections')).toEqual([
      'conversations',
      'groups',
      'messages',
      'message-changes',
      'receipts',
      'desk',
      'teams',
      'notifications',
      'socket-connect',
      'socket-message',
      'socket-action',
      'stream-projector',
      'run-timers',
      'close-sockets',
      'notify',
      'update-tickets',
      'process-incident',
    ]);
    for (const name of functionNames) {
      for (const statement of statementsOf(name).filter(({ Sid }) => Sid === 'Sockets')) {
        for (const resource of resourcesOf(statement)) {
          expect(asText(resource)).toMatch(/switchboard-dev-socket-api.*\/live\/(POST|DELETE)\/@connections\/\*/);
        }
      }
    }
  });

  it('allows publishing to one function, and mailing to two', () => {
    expect(allowed('events:PutEvents')).toEqual(['stream-projector']);
    expect(allowed('ses:SendEmail')).toEqual(['send-mail', 'send-notification-mails']);
  });

  it('allows mails from the stage’s sender and with its configuration set only, inside and outside of the SES sandbox', () => {
    const assembly = loadAssembly(stage.app.outdir);
    const access = accessControl(assembly);
    const sender = assembly
      .ofType('AWS::Lambda::Function')
      .find(({ properties }) => properties['FunctionName'] === 'switchboard-dev-send-mail');
    const identity = { roleArn: String(sender?.properties['Role']), sessionName: 'switchboard-dev-send-mail' };
    const maySend = (resource: string, from: string) =>
      access.decide(identity, {
        action: 'ses:SendEmail',
        resource: `arn:aws:ses:${assembly.region}:${assembly.accountId}:${resource}`,
        lookup: (key) => (key === 'ses:fromaddress' ? from : undefined),
      }).allowed;
    const identities = ['identity/switchboard.example', 'identity/no-reply@switchboard.example'];
    // In the sandbox, SES also checks the recipient's identity.
    for (const resource of [...identities, 'identity/people@mail.example', 'configuration-set/switchboard-dev']) {
      expect(maySend(resource, 'no-reply@switchboard.example'), resource).toBe(true);
      expect(maySend(resource, 'chief@switchboard.example'), resource).toBe(false);
    }
    expect(maySend('configuration-set/another', 'no-reply@switchboard.example')).toBe(false);
  });

  it('allows writing to the function’s own log group only', () => {
    for (const name of functionNames) {
      const statements = statementsOf(name).filter((statement) => actionsOf(statement).includes('logs:PutLogEvents'));
      const logging = functions[name]?.resource.Properties['LoggingConfig'] as { LogGroup: { Ref: string } };
      expect(statements.flatMap(resourcesOf), name).toEqual([{ 'Fn::GetAtt': [logging.LogGroup.Ref, 'Arn'] }]);
    }
  });
});

describe('the environment of functions', () => {
  it('has only the variables that the code reads', () => {
    const variables: string[] = Object.values(environmentNames);
    for (const name of functionNames) {
      for (const variable of Object.keys(environmentOf(name))) expect(variables, name).toContain(variable);
    }
  });

  it('names exactly the resources that the function has permissions for', () => {
    for (const name of functionNames) {
      const sids = new Set(statementsOf(name).map((statement) => statement.Sid));
      const variables = environmentOf(name);
      expect('TABLE_NAME' in variables, name).toBe(sids.has('Table') || sids.has('PlatformTable'));
      expect('TENANT_ROLE_ARN' in variables, name).toBe(sids.has('TenantRole'));
      expect('KEYS_TABLE_NAME' in variables, name).toBe(sids.has('KeysTable'));
      expect('DATA_KEY_ID' in variables, name).toBe(sids.has('DataKey') || sids.has('DescribeDataKey'));
      expect('SIGNING_KEY_IDS' in variables, name).toBe(sids.has('SigningKey') || sids.has('PublishedKeys'));
      expect('SOCKET_ENDPOINT' in variables, name).toBe(sids.has('Sockets'));
      expect('EVENT_BUS_NAME' in variables, name).toBe(sids.has('EventBus'));
      expect('MAIL_FROM' in variables, name).toBe(sids.has('Mail'));
    }
  });

  it('has the public address wherever tokens are issued or verified', () => {
    for (const name of ['auth', 'health', 'authorize-http', 'authorize-socket'] as const) {
      expect(environmentOf(name)).toHaveProperty('PUBLIC_URL');
    }
  });

  it('has references and addresses but no secret', () => {
    const literals = functionNames.flatMap((name) =>
      Object.entries(environmentOf(name)).filter(([, value]) => typeof value === 'string'),
    );
    expect([...new Set(literals.map(([variable, value]) => `${variable}=${asText(value)}`))]).toEqual([
      'STAGE_PREFIX=switchboard-dev',
      'ONLY_THROUGH_DISTRIBUTION=false',
      'TIMERS_GROUP_NAME=switchboard-dev',
      'MAIL_FROM=no-reply@switchboard.example',
      'MAIL_CONFIGURATION_SET=switchboard-dev',
    ]);
  });
});
