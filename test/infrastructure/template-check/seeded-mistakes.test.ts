import { describe, expect, it } from 'vitest';
import { sampled } from '../../faults/scale.ts';
import { everySetting } from '../project-context.ts';
import { prepareStage } from '../synthesised-stage.ts';
import { checkStacks } from './check-stacks.ts';
import { JsonPart } from './json-part.ts';
import { stackSources } from './template.ts';

const sources = stackSources(prepareStage('prod', everySetting).app.synth());

class Templates {
  readonly #templates = new Map(
    sources.map(({ name, source }) => [name.replace('switchboard-prod-', ''), new JsonPart(JSON.parse(source))]),
  );

  of(stack: string): JsonPart {
    const template = this.#templates.get(stack);
    if (template === undefined) throw new Error(`There is no stack ${stack}`);
    return template;
  }

  find(type: string, isWanted: (properties: JsonPart, id: string) => boolean = () => true) {
    for (const [stack, template] of this.#templates) {
      for (const [id, resource] of template.parts('Resources')) {
        const properties = new JsonPart(resource.get('Properties'));
        if (resource.get('Type') === type && isWanted(properties, id)) {
          return { resource, properties, at: `switchboard-prod-${stack}/${id}`, id, stack };
        }
      }
    }
    throw new Error(`No stack has such a resource: ${type}`);
  }

  check() {
    return checkStacks(
      sources.map(({ name, region }) => {
        const source = JSON.stringify(this.of(name.replace('switchboard-prod-', '')));
        return { name, region, source };
      }),
    ).map(({ rule, at }) => `${rule} ${at}`);
  }
}

type Mistake = (templates: Templates) => string | readonly string[];

const alarm = 'AWS::CloudWatch::Alarm';
const lambda = 'AWS::Lambda::Function';
const log = 'AWS::Logs::LogGroup';
const mapping = 'AWS::Lambda::EventSourceMapping';
const queue = 'AWS::SQS::Queue';
const logGroups = (count: number) =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`Log${index}`, { Type: log, Properties: {} }]));

/** `at` is the end of the finding's location, by default the property. */
const set =
  (rule: string, type: string, property: string, value: unknown, at = property): Mistake =>
  (templates) => {
    const parent = property.split('.').slice(0, -1).join('.');
    const found = templates.find(type, (properties) => parent === '' || properties.has(parent));
    found.properties.set(property, value);
    return `${rule} ${found.at}.${at}`;
  };

const addPolicy = (statement: object, count: number) => ({ Statement: Array.from({ length: count }, () => statement) });

const mistakes: Readonly<Record<string, Mistake>> = {
  'a section that templates do not have': (templates) => {
    templates.of('data').set('Ressources', {});
    return 'structure switchboard-prod-data/';
  },
  'a resource attribute that does not exist': (templates) => {
    const { resource, at } = templates.find(log);
    resource.set('DependOn', []);
    return `structure ${at.replace('/', '/Resources.')}`;
  },
  'a deletion policy that does not exist': (templates) => {
    const { resource, at } = templates.find(log);
    resource.set('DeletionPolicy', 'Keep');
    return `structure ${at.replace('/', '/Resources.')}.DeletionPolicy`;
  },
  'a logical id with a hyphen': (templates) => {
    templates.of('data').set('Resources.Log-Group', { Type: log });
    return 'structure switchboard-prod-data/Resources.Log-Group';
  },
  'a type that does not exist': (templates) => {
    const { resource, at } = templates.find(alarm);
    resource.set('Type', 'AWS::CloudWatch::Alert');
    return `unknown-type ${at}`;
  },

  'an unknown property': set('unknown-property', alarm, 'Treshold', 1),
  'an unknown property inside an object': set('unknown-property', lambda, 'TracingConfig.Modus', 'Active'),
  'an unknown property inside a list': set(
    'unknown-property',
    'AWS::CloudFront::Distribution',
    'DistributionConfig.Origins.1.Path',
    '/',
  ),
  'an unknown property of an object without a name of its own': set(
    'unknown-property',
    mapping,
    'DestinationConfig.OnFailure.Arn',
    'x',
  ),
  'a text for a number': set('wrong-type', lambda, 'Timeout', '15'),
  'a fraction for an integer': set('wrong-type', lambda, 'MemorySize', 128.5),
  'a number for a text': set('wrong-type', lambda, 'Environment.Variables.TABLE_NAME', 5),
  'a text for a list': set('wrong-type', lambda, 'Architectures', 'arm64'),
  'a list for an object': set('wrong-type', lambda, 'TracingConfig', []),
  'a text for a boolean': set('wrong-type', alarm, 'ActionsEnabled', 'yes'),
  'a number for JSON': set('wrong-type', 'AWS::IAM::Role', 'AssumeRolePolicyDocument', 5),
  'a wrong type inside a list': set(
    'wrong-type',
    'AWS::CloudFront::Distribution',
    'DistributionConfig.Origins.1.Id',
    7,
  ),
  'a function that yields a list for a text': set('wrong-type', lambda, 'Description', { 'Fn::Split': [',', 'a,b'] }),
  'a function that yields a text for a list': set('wrong-type', lambda, 'Layers', { Ref: 'AWS::Region' }),
  'a function that yields a text for an object': set('wrong-type', lambda, 'TracingConfig', { 'Fn::Sub': 'Active' }),
  'an attribute that is a text for a list': (templates) => {
    const { properties, at, id, stack } = templates.find(queue);
    templates.of(stack).set('Resources.Probe', {
      Type: lambda,
      Properties: { Code: {}, Role: 'x', Layers: { 'Fn::GetAtt': [id, 'Arn'] } },
    });
    expect(properties).toBeDefined();
    return `wrong-type ${at.split('/')[0]}/Probe.Layers`;
  },
  'a wrong type in a branch of a condition': (templates) => {
    const { properties, at, stack } = templates.find(lambda);
    templates.of(stack).set('Conditions', { Always: { 'Fn::Equals': ['a', 'a'] } });
    properties.set('Timeout', { 'Fn::If': ['Always', 5, 'long'] });
    return `wrong-type ${at}.Timeout`;
  },
  'a value that is not among those allowed': set('unknown-value', log, 'RetentionInDays', 8),
  'a text that is not among those allowed': set('unknown-value', lambda, 'TracingConfig.Mode', 'On'),

  'a required property that is missing': (templates) => {
    const { properties, at } = templates.find(lambda);
    properties.remove('Role');
    return `missing-property ${at}.Role`;
  },
  'a required property that is missing inside a list': (templates) => {
    const { properties, at } = templates.find('AWS::CloudFront::Distribution');
    properties.remove('DistributionConfig.Origins.0.DomainName');
    return `missing-property ${at}.DistributionConfig.Origins.0.DomainName`;
  },
  'a required property that is no value': set('missing-property', lambda, 'Role', { Ref: 'AWS::NoValue' }),
  'a tag without a value': set('missing-property', lambda, 'Tags', [{ Key: 'stage' }], 'Tags.0.Value'),
  'a custom resource without its function': (templates) => {
    const { properties, at } = templates.find('Custom::CDKBucketDeployment');
    properties.remove('ServiceToken');
    return `missing-property ${at}.ServiceToken`;
  },

  'a Ref to nothing': set('dangling-reference', lambda, 'Description', { Ref: 'Nothing' }, 'Description.Ref'),
  'a Ref to a pseudo parameter that does not exist': set(
    'dangling-reference',
    lambda,
    'Description',
    { Ref: 'AWS::Account' },
    'Description.Ref',
  ),
  'a Fn::GetAtt of nothing': set(
    'dangling-reference',
    lambda,
    'Description',
    { 'Fn::GetAtt': ['Nothing', 'Arn'] },
    'Description.Fn::GetAtt',
  ),
  'a Fn::Sub of nothing': set(
    'dangling-reference',
    lambda,
    'Description',
    { 'Fn::Sub': 'in ${Nothing}' },
    'Description.Fn::Sub',
  ),
  'a reference to nothing inside a policy': (templates) => {
    const { properties, at } = templates.find('AWS::IAM::Policy');
    properties.set('PolicyDocument.Statement.0.Condition', {
      StringEquals: { a: { 'Fn::Join': ['', [{ Ref: 'Nothing' }]] } },
    });
    return `dangling-reference ${at}.PolicyDocument.Statement.0.Condition.StringEquals.a.Fn::Join.1.0.Ref`;
  },
  'a dependency on nothing': (templates) => {
    const { resource, at } = templates.find(log);
    resource.set('DependsOn', ['Nothing']);
    return `dangling-reference ${at}.DependsOn`;
  },
  'a resource under a condition that does not exist': (templates) => {
    const { resource, at } = templates.find(alarm);
    resource.set('Condition', 'Never');
    return `dangling-reference ${at}.Condition`;
  },
  'a Fn::If of a condition that does not exist': set(
    'dangling-reference',
    lambda,
    'Timeout',
    { 'Fn::If': ['Never', 5, 6] },
    'Timeout.Fn::If',
  ),
  'a condition of a condition that does not exist': (templates) => {
    templates
      .of('data')
      .set('Conditions', { Both: { 'Fn::And': [{ Condition: 'Never' }, { 'Fn::Equals': ['a', 'a'] }] } });
    return 'dangling-reference switchboard-prod-data/Conditions.Both.Fn::And';
  },
  'a mapping that does not exist': set(
    'dangling-reference',
    lambda,
    'Description',
    { 'Fn::FindInMap': ['Nothing', 'a', 'b'] },
    'Description.Fn::FindInMap',
  ),
  'a mapping without the region': (templates) => {
    templates.of('data').set('Mappings', { Zones: { 'us-east-1': { id: 'x' } } });
    templates.of('data').set('Resources.Probe', {
      Type: log,
      Properties: { KmsKeyId: { 'Fn::FindInMap': ['Zones', { Ref: 'AWS::Region' }, 'id'] } },
    });
    return 'dangling-reference switchboard-prod-data/Probe.KmsKeyId.Fn::FindInMap';
  },
  'an output of nothing': (templates) => {
    templates.of('data').set('Outputs.Probe', { Value: { Ref: 'Nothing' } });
    return 'dangling-reference switchboard-prod-data/Outputs.Probe.Value.Ref';
  },

  'an attribute that the type does not have': (templates) => {
    const { at, id, properties } = templates.find('AWS::IAM::Role');
    const { properties: probe, at: location } = templates.find(
      lambda,
      (lambdaProperties) => lambdaProperties.get('Role.Fn::GetAtt.0') === id,
    );
    expect(properties).toBeDefined();
    probe.set('Role', { 'Fn::GetAtt': [id, 'RoleArn'] });
    return `unknown-attribute ${location.startsWith(at.split('/')[0] ?? '') ? location : ''}.Role.Fn::GetAtt`;
  },
  'an attribute that the type does not have, in an output': (templates) => {
    const { id, stack } = templates.find('AWS::KMS::Key');
    templates.of(stack).set('Outputs.Probe', { Value: { 'Fn::GetAtt': [id, 'Alias'] } });
    return `unknown-attribute switchboard-prod-${stack}/Outputs.Probe.Value.Fn::GetAtt`;
  },
  'an attribute that the type does not have, in a Fn::Sub': (templates) => {
    const { id, stack } = templates.find('AWS::KMS::Key');
    templates.of(stack).set('Outputs.Probe', { Value: { 'Fn::Sub': `\${${id}.Alias}` } });
    return `unknown-attribute switchboard-prod-${stack}/Outputs.Probe.Value.Fn::Sub`;
  },

  'a function that does not exist': set(
    'malformed-function',
    lambda,
    'Description',
    { 'Fn::Concat': ['a'] },
    'Description.Fn::Concat',
  ),
  'a function beside other members': (templates) => {
    const { properties, at } = templates.find('AWS::IAM::Policy');
    properties.set('PolicyDocument.Statement.0.Resource', { Ref: 'AWS::StackId', Other: 1 });
    return `malformed-function ${at}.PolicyDocument.Statement.0.Resource`;
  },
  'a Fn::Join without a list': set(
    'malformed-function',
    lambda,
    'Description',
    { 'Fn::Join': ['', 'a'] },
    'Description.Fn::Join',
  ),
  'a Fn::Select beyond its list': set(
    'malformed-function',
    lambda,
    'Description',
    { 'Fn::Select': [2, ['a', 'b']] },
    'Description.Fn::Select',
  ),
  'a token that the CDK left unresolved': set('malformed-function', lambda, 'Description', '${Token[TOKEN.12]}'),

  'an import that no stack exports': set(
    'dangling-import',
    lambda,
    'Description',
    { 'Fn::ImportValue': 'nothing' },
    'Description.Fn::ImportValue',
  ),
  'two exports of one name': (templates) => {
    const output = [...templates.of('data').parts('Outputs').values()].find((candidate) => candidate.has('Export'));
    templates.of('events').set('Outputs.Probe', { Value: 'x', Export: output?.get('Export') });
    return 'duplicate-export switchboard-prod-events/Outputs.Probe.Export.Name';
  },
  'resources that wait for one another': (templates) => {
    templates.of('data').set('Resources.One', { Type: log, DependsOn: 'Other' });
    templates.of('data').set('Resources.Other', {
      Type: log,
      Properties: { KmsKeyId: { 'Fn::Sub': 'after-${One}' } },
    });
    return 'cycle switchboard-prod-data/One';
  },
  'a resource that waits for itself': (templates) => {
    templates.of('data').set('Resources.One', { Type: log, DependsOn: ['One'] });
    return 'cycle switchboard-prod-data/One';
  },
  'stacks that wait for one another': (templates) => {
    templates.of('edge').set('Outputs.Probe', { Value: 'x', Export: { Name: 'probe' } });
    templates.of('data').set('Outputs.Probe', { Value: { 'Fn::ImportValue': 'probe' } });
    return 'cycle switchboard-prod-data';
  },

  'a function name of 65 characters': set('name', lambda, 'FunctionName', 'f'.repeat(65)),
  'a role name of 65 characters': set('name', 'AWS::IAM::Role', 'RoleName', 'r'.repeat(65)),
  'a queue name of 81 characters': set('name', queue, 'QueueName', 'q'.repeat(81)),
  'a bucket name of 64 characters': set('name', 'AWS::S3::Bucket', 'BucketName', 'b'.repeat(64)),
  'a bucket name in capitals': set('name', 'AWS::S3::Bucket', 'BucketName', 'Files'),
  'an alarm name of 256 characters': set('name', alarm, 'AlarmName', 'a'.repeat(256)),
  'a name that becomes too long when it is joined': set('name', queue, 'QueueName', {
    'Fn::Join': ['-', [{ Ref: 'AWS::StackName' }, 'q'.repeat(60)]],
  }),
  'a name with characters that its service refuses': set('name', lambda, 'FunctionName', 'send message'),
  'a name in an object': set(
    'name',
    'AWS::CloudFront::OriginAccessControl',
    'OriginAccessControlConfig.Name',
    'o'.repeat(65),
  ),
  'a name whose limits are not listed': (templates) => {
    templates.of('data').set('Resources.Probe', { Type: 'AWS::Kinesis::Stream', Properties: { Name: 'probe' } });
    return 'name switchboard-prod-data/Probe.Name';
  },

  'a timeout beyond 15 minutes': set('range', lambda, 'Timeout', 901),
  'a batch beyond 10,000': set('range', mapping, 'BatchSize', 10_001),
  'a retry policy beyond a day': set(
    'range',
    'AWS::Events::Rule',
    'Targets.0.RetryPolicy.MaximumEventAgeInSeconds',
    86_401,
  ),

  '501 resources': (templates) => {
    const data = templates.of('data');
    const resources = Object.fromEntries(data.parts('Resources'));
    data.set('Resources', { ...resources, ...logGroups(501 - Object.keys(resources).length) });
    return 'quota switchboard-prod-data/Resources';
  },
  '201 outputs': (templates) => {
    const outputs = Array.from({ length: 201 }, (_, index) => [`Output${index}`, { Value: 'x' }]);
    templates.of('observability').set('Outputs', Object.fromEntries(outputs));
    return 'quota switchboard-prod-observability/Outputs';
  },
  '201 parameters': (templates) => {
    const parameters = Array.from({ length: 201 }, (_, index) => [`Parameter${index}`, { Type: 'String' }]);
    templates.of('data').set('Parameters', Object.fromEntries(parameters));
    return 'quota switchboard-prod-data/Parameters';
  },
  'a template over 1 MB': (templates) => {
    templates.of('data').set('Metadata', { note: 'x'.repeat(1_000_000) });
    return 'quota switchboard-prod-data';
  },
  '51 tags': set(
    'quota',
    lambda,
    'Tags',
    Array.from({ length: 51 }, (_, index) => ({ Key: `k${index}`, Value: 'v' })),
  ),
  'inline policies over 10,240 characters, over several policies': (templates) => {
    const { properties, stack } = templates.find('AWS::IAM::Policy');
    const role = String(properties.get('Roles.0.Ref'));
    const statement = { Effect: 'Allow', Action: 's3:GetObject', Resource: `arn:aws:s3:::${'x'.repeat(300)}` };
    for (const name of ['One', 'Two']) {
      templates.of(stack).set(`Resources.${name}`, {
        Type: 'AWS::IAM::Policy',
        Properties: { PolicyName: name, PolicyDocument: addPolicy(statement, 15), Roles: [{ Ref: role }] },
      });
    }
    return `quota switchboard-prod-${stack}/${role}`;
  },
  '11 managed policies': set(
    'quota',
    'AWS::IAM::Role',
    'ManagedPolicyArns',
    Array.from({ length: 11 }, () => 'arn:aws:iam::aws:policy/x'),
  ),
  'a trust policy over 2,048 characters': set(
    'quota',
    'AWS::IAM::Role',
    'AssumeRolePolicyDocument',
    addPolicy({ Sid: 'x'.repeat(250) }, 8),
  ),
  'an environment over 4 KB': set('quota', lambda, 'Environment.Variables.NOTE', 'x'.repeat(4096), 'Environment'),
  'six layers': set(
    'quota',
    lambda,
    'Layers',
    Array.from({ length: 6 }, () => 'arn:aws:lambda:layer'),
  ),
  'a function policy over 20 KB': (templates) => {
    const { properties, stack } = templates.find('AWS::Lambda::Permission');
    for (let index = 0; index < 140; index++) {
      templates
        .of(stack)
        .set(`Resources.Permission${index}`, { Type: 'AWS::Lambda::Permission', Properties: properties.toJSON() });
    }
    return `quota switchboard-prod-${stack}/${String(properties.get('FunctionName.Fn::GetAtt.0'))}`;
  },
  'six filters': set(
    'quota',
    mapping,
    'FilterCriteria.Filters',
    Array.from({ length: 6 }, () => ({ Pattern: '{}' })),
  ),
  'a filter pattern over 4,096 characters': set(
    'quota',
    mapping,
    'FilterCriteria.Filters',
    [{ Pattern: `{"a":["${'x'.repeat(4096)}"]}` }],
    'FilterCriteria.Filters.0',
  ),
  'three readers of a stream': (templates) => {
    const { properties, stack } = templates.find(mapping, (candidate) => candidate.has('FilterCriteria'));
    for (const name of ['Second', 'Third'])
      templates.of(stack).set(`Resources.${name}`, { Type: mapping, Properties: properties.toJSON() });
    return `quota ${templates.find('AWS::DynamoDB::GlobalTable', (candidate) => candidate.has('StreamSpecification')).at}`;
  },
  'a queue that repeats a message while its function still runs': (templates) => {
    const { properties, at, stack } = templates.find(mapping, (candidate) => !candidate.has('FilterCriteria'));
    const id = String(properties.get('EventSourceArn.Fn::GetAtt.0'));
    templates.of(stack).set(`Resources.${id}.Properties.VisibilityTimeout`, 1);
    return `quota ${at}`;
  },
  '301 routes': (templates) => {
    const { properties, stack } = templates.find('AWS::ApiGatewayV2::Route');
    const apiId = JSON.stringify(properties.get('ApiId'));
    const owned = [...templates.of(stack).parts('Resources').values()].filter(
      (one) => one.get('Type') === 'AWS::ApiGatewayV2::Route' && JSON.stringify(one.get('Properties.ApiId')) === apiId,
    );
    for (let index = owned.length; index < 301; index++) {
      templates
        .of(stack)
        .set(`Resources.Route${index}`, { Type: 'AWS::ApiGatewayV2::Route', Properties: properties.toJSON() });
    }
    return `quota ${templates.find('AWS::ApiGatewayV2::Api', (_, id) => apiId.includes(id)).at}`;
  },
  '11 authorizers': (templates) => {
    const { properties, stack } = templates.find('AWS::ApiGatewayV2::Authorizer');
    for (let index = 0; index < 10; index++) {
      templates.of(stack).set(`Resources.Authorizer${index}`, {
        Type: 'AWS::ApiGatewayV2::Authorizer',
        Properties: properties.toJSON(),
      });
    }
    return `quota ${templates.find('AWS::ApiGatewayV2::Api', (_, id) => JSON.stringify(properties.get('ApiId')).includes(id)).at}`;
  },
  'an access log format over 3 KB': set(
    'quota',
    'AWS::ApiGatewayV2::Stage',
    'AccessLogSettings.Format',
    'x'.repeat(3073),
  ),
  'six targets of a rule': (templates) => {
    const { properties, at } = templates.find('AWS::Events::Rule');
    const [target] = properties.list('Targets') as readonly object[];
    properties.set(
      'Targets',
      Array.from({ length: 6 }, (_, index) => ({ ...target, Id: `Target${index}` })),
    );
    return `quota ${at}.Targets`;
  },
  'an event pattern over 2,048 characters': set('quota', 'AWS::Events::Rule', 'EventPattern', {
    source: ['x'.repeat(2048)],
  }),
  '11 metrics of an alarm': (templates) => {
    const { properties, at } = templates.find(alarm, (candidate) => candidate.has('Metrics'));
    const metrics = properties.list('Metrics') as readonly { readonly MetricStat?: object }[];
    const metric = metrics.find(({ MetricStat }) => MetricStat !== undefined);
    properties.set(
      'Metrics',
      Array.from({ length: 11 }, (_, index) => ({ ...metric, Id: `m${index}` })),
    );
    return `quota ${at}.Metrics`;
  },
  'six actions of an alarm': set(
    'quota',
    alarm,
    'AlarmActions',
    Array.from({ length: 6 }, () => 'arn:aws:sns:topic'),
  ),
  'an alarm that looks back over a day in periods of minutes': (templates) => {
    const { properties, at } = templates.find(alarm);
    properties.set('EvaluationPeriods', 10_000);
    return `quota ${at}.EvaluationPeriods`;
  },
  'a dashboard of 501 widgets': set(
    'quota',
    'AWS::CloudWatch::Dashboard',
    'DashboardBody',
    JSON.stringify({ widgets: Array.from({ length: 501 }, () => ({ properties: {} })) }),
  ),
  'a queue policy over 8 KB': set(
    'quota',
    'AWS::SQS::QueuePolicy',
    'PolicyDocument',
    addPolicy({ Sid: 'x'.repeat(900), Action: [] }, 10),
  ),
  '21 statements of a queue policy': set(
    'quota',
    'AWS::SQS::QueuePolicy',
    'PolicyDocument',
    addPolicy({ Action: [] }, 21),
  ),
  'a topic policy over 30 KB': set(
    'quota',
    'AWS::SNS::TopicPolicy',
    'PolicyDocument',
    addPolicy({ Sid: 'x'.repeat(900) }, 40),
  ),
  'a bucket policy over 20 KB': set(
    'quota',
    'AWS::S3::BucketPolicy',
    'PolicyDocument',
    addPolicy({ Sid: 'x'.repeat(900) }, 25),
  ),
  'a key policy over 32 KB': set('quota', 'AWS::KMS::Key', 'KeyPolicy', addPolicy({ Sid: 'x'.repeat(900) }, 40)),
  '21 indexes of a table': (templates) => {
    const { properties, at } = templates.find('AWS::DynamoDB::GlobalTable', (candidate) =>
      candidate.has('GlobalSecondaryIndexes'),
    );
    const [index] = properties.list('GlobalSecondaryIndexes');
    properties.set(
      'GlobalSecondaryIndexes',
      Array.from({ length: 21 }, () => index),
    );
    return `quota ${at}.GlobalSecondaryIndexes`;
  },
  'a CloudFront function over 10 KB': set('quota', 'AWS::CloudFront::Function', 'FunctionCode', 'x'.repeat(10_241)),
  '76 cache behaviors': (templates) => {
    const { properties, at } = templates.find('AWS::CloudFront::Distribution');
    const [behavior] = properties.list('DistributionConfig.CacheBehaviors');
    properties.set(
      'DistributionConfig.CacheBehaviors',
      Array.from({ length: 76 }, () => behavior),
    );
    return `quota ${at}.DistributionConfig.CacheBehaviors`;
  },
  'a content security policy over 1,783 characters': set(
    'quota',
    'AWS::CloudFront::ResponseHeadersPolicy',
    'ResponseHeadersPolicyConfig.SecurityHeadersConfig.ContentSecurityPolicy.ContentSecurityPolicy',
    'x'.repeat(1784),
  ),
};

describe('checkStacks', { timeout: 120_000 }, () => {
  it('finds nothing in the unchanged templates', () => {
    expect(new Templates().check()).toEqual([]);
  });

  it.each(sampled(Object.entries(mistakes), 8))('finds only this mistake: %s', (_, mistake) => {
    const templates = new Templates();
    const finding = mistake(templates);
    expect(templates.check()).toEqual([finding].flat());
  });
});
