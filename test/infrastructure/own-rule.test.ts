import { App } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { OwnRuleStack } from '../../examples/own-rule/own-rule-stack.ts';
import { compileEventPattern } from '../../local/services/events/event-pattern.ts';
import { busEvents } from '../../shared/contract/events/events.ts';
import { synthesiseStage } from './synthesised-stage.ts';

const stack = new OwnRuleStack(new App(), 'own-rule', { eventBusName: 'switchboard-dev' });
const template = Template.fromStack(stack);
const [rule] = Object.values(template.findResources('AWS::Events::Rule')) as [
  { Properties: { EventBusName: string; EventPattern: object } },
];

describe('the example of a rule of the deployer', () => {
  it('names the bus of the stage', () => {
    const buses = Object.values(synthesiseStage('dev').templates.events.findResources('AWS::Events::EventBus'));
    expect(buses).toMatchObject([{ Properties: { Name: rule.Properties.EventBusName } }]);
  });

  it('matches current versions of urgent and service-level events, and no others', () => {
    const matches = compileEventPattern(rule.Properties.EventPattern);
    const matched = busEvents.filter(({ type, version }) =>
      matches({ source: 'switchboard', 'detail-type': type, detail: { version } }),
    );
    expect(matched.map(({ type }) => type)).toEqual(['urgent.raised', 'sla.changed']);
  });

  it('keeps what it cannot deliver', () => {
    expect(() =>
      template.hasResourceProperties('AWS::Events::Rule', {
        Targets: [{ DeadLetterConfig: { Arn: { 'Fn::GetAtt': [Match.stringLikeRegexp('DeadLetters'), 'Arn'] } } }],
      }),
    ).not.toThrow();
  });
});
