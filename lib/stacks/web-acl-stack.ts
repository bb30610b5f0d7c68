import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib';
import { CfnWebACL } from 'aws-cdk-lib/aws-wafv2';
import type { Construct } from 'constructs';
import { problemType } from '../../shared/contract/kit/define-problem.ts';
import { tooManyAttempts } from '../../shared/contract/problems.ts';
import { edgeName } from '../edge/edge-name.ts';
import type { Stage } from '../settings.ts';

/** Separate limit, so a flood of logins blocks no other requests. */
const authPathPrefix = '/api/v1/auth/';
/** The shortest window of AWS WAF. */
const windowSeconds = 60;

/**
 * Limits each address separately. Inspects only a WebSocket's handshake.
 *
 * Limits are generous, because many people may share one address. No rules inspect bodies, because messages may contain
 * any text. Anonymous addresses are allowed, because people in danger use VPNs and Tor.
 * https://docs.aws.amazon.com/waf/latest/developerguide/aws-managed-rule-groups-baseline.html
 * https://docs.aws.amazon.com/waf/latest/developerguide/aws-managed-rule-groups-ip-rep.html
 */
export class WebAclStack extends Stack {
  constructor(scope: Construct, id: string, props: StackProps & { readonly stage: Stage }) {
    super(scope, id, props);
    const { webAcl } = props.stage.settings;
    const name = (short: string) => edgeName(props.stage, short);
    if (webAcl === undefined) throw new Error('The stage needs the setting webAcl');
    const created = new CfnWebACL(this, 'WebAcl', {
      name: name('web-acl'),
      scope: 'CLOUDFRONT',
      defaultAction: { allow: {} },
      visibilityConfig: visibilityOf(name('web-acl')),
      customResponseBodies: { slowDown: { contentType: 'APPLICATION_JSON', content: JSON.stringify(slowDown) } },
      rules: [
        rateRule(0, name('auth-rate'), webAcl.authRequestsPerMinute, authPathPrefix),
        rateRule(1, name('rate'), webAcl.requestsPerMinute),
        reputationRule(2, name('reputation'), webAcl.blockBadReputation),
      ],
    });
    new CfnOutput(this, 'WebAclArn', { value: created.attrArn, description: 'For the setting webAclArn' });
  }
}

/** No request id, because a WAF rule cannot insert one. */
const slowDown = {
  type: problemType(tooManyAttempts.name),
  title: tooManyAttempts.title,
  status: tooManyAttempts.status,
  detail: 'Too many requests come from your address. Wait a minute.',
  code: tooManyAttempts.code,
  retryable: true,
  retryAfterMs: windowSeconds * 1000,
};

/** https://docs.aws.amazon.com/waf/latest/developerguide/waf-rule-statement-type-rate-based.html */
function rateRule(priority: number, name: string, limit: number, pathPrefix?: string): CfnWebACL.RuleProperty {
  return {
    priority,
    name,
    statement: {
      rateBasedStatement: {
        limit,
        evaluationWindowSec: windowSeconds,
        aggregateKeyType: 'IP',
        ...(pathPrefix === undefined ? {} : { scopeDownStatement: below(pathPrefix) }),
      },
    },
    action: {
      block: {
        customResponse: {
          responseCode: tooManyAttempts.status,
          customResponseBodyKey: 'slowDown',
          responseHeaders: [{ name: 'retry-after', value: String(windowSeconds) }],
        },
      },
    },
    visibilityConfig: visibilityOf(name),
  };
}

/** API Gateway accepts paths with `%61` or `//`, so the rule normalises them. */
function below(searchString: string): CfnWebACL.StatementProperty {
  return {
    byteMatchStatement: {
      searchString,
      fieldToMatch: { uriPath: {} },
      positionalConstraint: 'STARTS_WITH',
      textTransformations: [
        { priority: 0, type: 'URL_DECODE' },
        { priority: 1, type: 'NORMALIZE_PATH' },
      ],
    },
  };
}

function reputationRule(priority: number, name: string, blocks: boolean): CfnWebACL.RuleProperty {
  return {
    priority,
    name,
    statement: {
      managedRuleGroupStatement: { vendorName: 'AWS', name: 'AWSManagedRulesAmazonIpReputationList' },
    },
    // An address may be listed because of others behind the same NAT.
    overrideAction: blocks ? { none: {} } : { count: {} },
    visibilityConfig: visibilityOf(name),
  };
}

function visibilityOf(metricName: string): CfnWebACL.VisibilityConfigProperty {
  return { metricName, cloudWatchMetricsEnabled: true, sampledRequestsEnabled: false };
}
