import { describe, expect, it } from 'vitest';
import { functionDefinitions, functionNames, type FunctionName } from '../../lib/functions/definitions.ts';
import { environmentNames } from '../../shared/runtime/config.ts';
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
    .filter(([, resource]) => String(resource.Properties['Runtime']).startsWith('nodejs'))
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

function statementsOf(name: FunctionName): Statement[] {
  const role = roleOf(name);
  return policies
    .filter((policy) => (policy.Properties['Roles'] as { Ref: string }[]).some((attached) => attached.Ref === role))
    .flatMap((policy) => (policy.Properties['PolicyDocument'] as { Statement: Statement[] }).Statement);
}

function actionsOf({ Action: actions }: Statement): readonly string[] {
  return typeof actions === 'string' ? [actions] : actions;
}

function resourcesOf(statement: Statement): unknown[] {
  return Array.isArray(statement.Resource) ? (statement.Resource as unknown[]) : [statement.Resource];
}

/** Names of the functions that are allowed an action. */
function allowed(action: string): string[] {
  return functionNames.filter((name) =>
    statementsOf(name).some((statement) => statement.Effect === 'Allow' && actionsOf(statement).includes(action)),
  );
}

function environmentOf(name: FunctionName): Record<string, unknown> {
  const environment = functions[name]?.resource.Properties['Environment'] as { Variables: Record<string, unknown> };
  return environment.Variables;
}

describe('the rights of functions', () => {
  it('are each function’s own', () => {
    const roles = functionNames.map(roleOf);
    expect(new Set(roles).size).toBe(functionNames.length);
    const owned = Object.entries(stage.ofType('AWS::IAM::Role')).filter(([id]) =>
      roles.includes(id.split('/')[1] ?? ''),
    );
    expect(owned.length).toBe(functionNames.length);
    for (const [id, role] of owned) expect(role.Properties, id).not.toHaveProperty('ManagedPolicyArns');
  });

  it('reach everything only where X-Ray takes nothing narrower', () => {
    for (const name of functionNames) {
      const everywhere = statementsOf(name).filter(
        (statement) => statement.Effect === 'Allow' && resourcesOf(statement).includes('*'),
      );
      expect(everywhere.flatMap(actionsOf).sort(), name).toEqual(['xray:PutTelemetryRecords', 'xray:PutTraceSegments']);
    }
  });

  it('name every action in full', () => {
    for (const name of functionNames) {
      const granted = statementsOf(name).filter((statement) => statement.Effect === 'Allow');
      expect(
        granted.flatMap(actionsOf).filter((action) => action.includes('*')),
        name,
      ).toEqual([]);
    }
  });

  it('never include a Scan or PartiQL, which are denied to whoever uses a table', () => {
    expect(allowed('dynamodb:Scan')).toEqual([]);
    for (const name of functionNames) {
      const statements = statementsOf(name);
      const usesTable = statements.some((statement) => ['Table', 'KeysTable'].includes(statement.Sid ?? ''));
      const denials = statements.filter((statement) => statement.Effect === 'Deny');
      expect(denials.length, name).toBe(usesTable ? 1 : 0);
      if (usesTable) expect(denials.flatMap(actionsOf).sort()).toEqual(['dynamodb:PartiQL*', 'dynamodb:Scan']);
      const reached = statements.filter((one) => one.Sid === 'Table' || one.Sid === 'KeysTable').flatMap(resourcesOf);
      for (const resource of reached) expect(denials.flatMap(resourcesOf).map(asText)).toContain(asText(resource));
    }
  });

  it('let nobody but auth sign a token', () => {
    expect(allowed('kms:Sign')).toEqual(['auth']);
    const statement = statementsOf('auth').find((one) => one.Sid === 'SigningKey');
    expect(
      resourcesOf(statement as Statement)
        .map(asText)
        .join(),
    ).toContain('SigningKey');
  });

  it('let only verifiers read the public key', () => {
    expect(allowed('kms:GetPublicKey')).toEqual(['platform', 'auth', 'authorize-http', 'authorize-socket']);
  });

  it('unwrap a data key only for a named tenant, and make one only where tenants are made', () => {
    expect(allowed('kms:GenerateDataKeyWithoutPlaintext')).toEqual(['operate']);
    for (const name of functionNames) {
      for (const statement of statementsOf(name).filter((one) => one.Sid === 'DataKey')) {
        expect(statement.Condition, name).toEqual({ Null: { 'kms:EncryptionContext:tenant': 'false' } });
      }
    }
  });

  it('use the tables’ key through DynamoDB only, and wherever a table is used', () => {
    for (const name of functionNames) {
      const statements = statementsOf(name);
      const usesTable = statements.some((one) => one.Sid === 'Table' || one.Sid === 'KeysTable');
      const useOfKey = statements.filter((one) => asText(one.Resource).includes('TableKey'));
      expect(useOfKey.length, name).toBe(usesTable ? 1 : 0);
      for (const statement of useOfKey) {
        expect(statement.Condition).toEqual({
          StringEquals: { 'kms:ViaService': 'dynamodb.eu-central-1.amazonaws.com' },
        });
        expect(actionsOf(statement)).toContain('kms:Decrypt');
      }
    }
  });

  it('query an index only where a directory is listed', () => {
    const query = functionNames.filter((name) => statementsOf(name).some((one) => one.Sid === 'Indexes'));
    expect(query).toEqual(['users', 'admin', 'operate']);
    for (const name of query) {
      const statement = statementsOf(name).find((one) => one.Sid === 'Indexes') as Statement;
      expect(actionsOf(statement)).toEqual(['dynamodb:Query']);
      expect(asText(statement.Resource)).toContain('/index/collection');
    }
  });

  it('reach sockets of the one stage, to send or to close', () => {
    expect(allowed('execute-api:ManageConnections')).toEqual([
      'conversations',
      'messages',
      'socket-message',
      'project-log',
      'close-sockets',
    ]);
    for (const name of functionNames) {
      for (const statement of statementsOf(name).filter((one) => one.Sid === 'Sockets')) {
        for (const resource of resourcesOf(statement)) {
          expect(asText(resource)).toMatch(/switchboard-dev-socket-api.*\/live\/(POST|DELETE)\/@connections\/\*/);
        }
      }
    }
  });

  it('publish and mail from one place each', () => {
    expect(allowed('events:PutEvents')).toEqual(['project-log']);
    expect(allowed('ses:SendEmail')).toEqual(['send-mail']);
    const mail = asText(statementsOf('send-mail').find((one) => one.Sid === 'Mail')?.Resource);
    expect(mail).toContain(':identity/no-reply@switchboard.example');
    expect(mail).toContain(':identity/switchboard.example');
  });

  it('write to no log group but the function’s own', () => {
    for (const name of functionNames) {
      const statements = statementsOf(name).filter((one) => actionsOf(one).includes('logs:PutLogEvents'));
      const logging = functions[name]?.resource.Properties['LoggingConfig'] as { LogGroup: { Ref: string } };
      expect(statements.flatMap(resourcesOf), name).toEqual([{ 'Fn::GetAtt': [logging.LogGroup.Ref, 'Arn'] }]);
    }
  });
});

describe('the environment of functions', () => {
  it('has just the variables that the code knows', () => {
    const known: string[] = Object.values(environmentNames);
    for (const name of functionNames) {
      for (const variable of Object.keys(environmentOf(name))) expect(known, name).toContain(variable);
    }
  });

  it('names whatever the function has rights on, and nothing it has none on', () => {
    for (const name of functionNames) {
      const sids = new Set(statementsOf(name).map((statement) => statement.Sid));
      const variables = environmentOf(name);
      expect('TABLE_NAME' in variables, name).toBe(sids.has('Table'));
      expect('KEYS_TABLE_NAME' in variables, name).toBe(sids.has('KeysTable'));
      expect('DATA_KEY_ID' in variables, name).toBe(sids.has('DataKey') || sids.has('DescribeDataKey'));
      expect('SIGNING_KEY_ID' in variables, name).toBe(sids.has('SigningKey'));
      expect('SOCKET_ENDPOINT' in variables, name).toBe(sids.has('Sockets'));
      expect('EVENT_BUS_NAME' in variables, name).toBe(sids.has('EventBus'));
      expect('MAIL_FROM' in variables, name).toBe(sids.has('Mail'));
    }
  });

  it('has the public address wherever tokens are issued or verified', () => {
    for (const name of ['auth', 'platform', 'authorize-http', 'authorize-socket'] as const) {
      expect(environmentOf(name)).toHaveProperty('PUBLIC_URL');
    }
  });

  it('holds references and addresses, no secret', () => {
    const literals = functionNames.flatMap((name) =>
      Object.entries(environmentOf(name)).filter(([, value]) => typeof value === 'string'),
    );
    expect([...new Set(literals.map(([variable, value]) => `${variable}=${asText(value)}`))]).toEqual([
      'MAIL_FROM=no-reply@switchboard.example',
    ]);
  });
});

describe('the table of functions', () => {
  it('gives no right twice', () => {
    for (const name of functionNames) {
      const { table = [], dataKey = [] }: { table?: readonly string[]; dataKey?: readonly string[] } =
        functionDefinitions[name];
      expect(new Set(table).size).toBe(table.length);
      expect(new Set(dataKey).size).toBe(dataKey.length);
    }
  });
});
