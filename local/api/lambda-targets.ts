import type { AccessDecision, Resource } from '../contract.ts';

/** The function's ARN in an integration's or authorizer's address, in whichever of its two forms. */
export function functionArnOf(uri: string): string | undefined {
  return /arn:[a-z-]+:lambda:[a-z0-9-]*:\d+:function:[A-Za-z0-9_-]+/.exec(uri)?.[0];
}

/** Asks whether an API may invoke a function, as the function's own policy (`AWS::Lambda::Permission`) says. */
export type InvokePermission = (functionArn: string, sourceArn: string) => AccessDecision;

/**
 * Makes permission questions cheap and heard: each is asked once, a refusal is told once. Without the permission AWS
 * answers 500 and says why in the API's execution log only.
 */
export function rememberedPermission(
  ask: (principal: string, action: string, resource: string, sourceArn?: string) => AccessDecision,
  log: (line: string) => void,
): InvokePermission {
  const decisions = new Map<string, AccessDecision>();
  return (functionArn, sourceArn) => {
    const key = `${functionArn} ${sourceArn}`;
    const known = decisions.get(key);
    if (known !== undefined) return known;
    const decision = ask('apigateway.amazonaws.com', 'lambda:InvokeFunction', functionArn, sourceArn);
    decisions.set(key, decision);
    if (!decision.allowed) log(`API Gateway may not invoke ${functionArn} for ${sourceArn}: ${decision.reason}`);
    return decision;
  };
}

/** The resources of one API, found by the `ApiId` they name. */
export function belongingTo(resources: readonly Resource[], apiId: string): Resource[] {
  return resources.filter((resource) => resource.properties['ApiId'] === apiId);
}

/** `integrations/<id>` of a route, as a resource. */
export function integrationOf(target: unknown, integrations: readonly Resource[]): Resource | undefined {
  const id = typeof target === 'string' ? target.replace(/^integrations\//, '') : '';
  return integrations.find((integration) => integration.physicalId === id);
}
