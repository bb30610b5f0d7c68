import { App } from 'aws-cdk-lib';
import { OwnRuleStack } from './own-rule-stack.ts';

const app = new App();
new OwnRuleStack(app, 'own-rule', { eventBusName: 'switchboard-dev' });
app.synth();
