import type { AccessDecision, Resource } from '../contract.ts';

export function functionArnOf(uri: string): string | undefined {
  return /arn:[a-z-]+:lambda:[a-z0-9-]*:\d+:function:[A-Za-z0-9_-]+/.exec(uri)?.[0];
}

/** Evaluates `AWS::Lambda::Permission`. */
export type InvokePermission = (functionArn: string, sourceArn: string) => AccessDecision;

/** Caches decisions and logs each denial once, because the caller only receives 500. */
export function rememberedPermission(
  ask: (principal: string, action: string, resource: string, sourceArn?: string) => AccessDecision,
  log: (line: string) => void,
): InvokePermission {
  const decisions = new Map<string, AccessDecision>();
  return (functionArn, sourceArn) => {
    const key = `${functionArn} ${sourceArn}`;
    const cached = decisions.get(key);
    if (cached !== undefined) return cached;
    const decision = ask('apigateway.amazonaws.com', 'lambda:InvokeFunction', functionArn, sourceArn);
    decisions.set(key, decision);
    if (!decision.allowed) log(`API Gateway may not invoke ${functionArn} for ${sourceArn}: ${decision.reason}`);
    return decision;
  };
}

export function belongingTo(resources: readonly Resource[], apiId: string): Resource[] {
  return resources.filter((resource) => resource.properties['ApiId'] === apiId);
}

/** `target` is `integrations/<id>`. */
export function integrationOf(target: unknown, integrations: readonly Resource[]): Resource | undefined {
  const id = typeof target === 'string' ? target.replace(/^integrations\//, '') : '';
  return integrations.find((integration) => integration.physicalId === id);
}
