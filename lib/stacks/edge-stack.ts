import { CfnOutput, Fn, Stack, type StackProps } from 'aws-cdk-lib';
import { CfnApi } from 'aws-cdk-lib/aws-apigatewayv2';
import type { Distribution } from 'aws-cdk-lib/aws-cloudfront';
import { AaaaRecord, ARecord, HostedZone, RecordTarget } from 'aws-cdk-lib/aws-route53';
import { CloudFrontTarget } from 'aws-cdk-lib/aws-route53-targets';
import type { Construct } from 'constructs';
import { createDistribution, socketPath } from '../edge/distribution.ts';
import { deploySite, siteBucket } from '../edge/site.ts';
import type { Stage } from '../settings.ts';

export interface EdgeStackProps extends StackProps {
  readonly stage: Stage;
  readonly siteDirectory: string | undefined;
  readonly filesBucketName: string;
}

/** Functions need the distribution's name, so routes and stages are in the functions' stack. */
export class EdgeStack extends Stack {
  readonly httpApi: CfnApi;
  readonly socketApi: CfnApi;
  readonly socketStage = 'live';
  /** No trailing slash. */
  readonly publicUrl: string;
  readonly socketEndpoint: string;
  readonly socketStageArn: string;
  readonly socketStageFinding: string;
  /**
   * Proves to functions that a request came through the distribution, so that they trust the caller's stated address. A
   * UUID, visible only within the account. Protects no data.
   */
  readonly originKey: string;

  constructor(scope: Construct, id: string, props: EdgeStackProps) {
    super(scope, id, props);
    const { stage } = props;
    const { domain } = stage.settings;

    this.httpApi = httpApi(this, stage);
    this.socketApi = new CfnApi(this, 'SocketApi', {
      name: `${stage.prefix}-socket`,
      protocolType: 'WEBSOCKET',
      routeSelectionExpression: '$request.body.action',
    });
    const socketApiHost = this.executeApiHost(this.socketApi.ref);
    const exported = `${stage.prefix}-socket-api`;
    const socketApiId = this.exportValue(this.socketApi.ref, { name: exported });
    this.socketEndpoint = `https://${this.executeApiHost(socketApiId)}/${this.socketStage}`;
    this.socketStageArn = `arn:${this.partition}:execute-api:${this.region}:${this.account}:${socketApiId}/${this.socketStage}`;
    this.socketStageFinding = `arn:aws:execute-api:${this.region}:<AWS::AccountId>:${exported}/${this.socketStage}`;

    const originKey = Fn.select(2, Fn.split('/', this.stackId));
    this.originKey = this.exportValue(originKey, { name: `${stage.prefix}-origin-key` });

    const site = siteBucket(this);
    const distribution = createDistribution(this, stage, {
      site,
      httpApiHost: this.executeApiHost(this.httpApi.ref),
      socketApiHost,
      socketStage: this.socketStage,
      originKey,
      filesOrigin: `https://${props.filesBucketName}.s3.${this.region}.${this.urlSuffix}`,
    });
    if (props.siteDirectory !== undefined) deploySite(this, stage, site, distribution, props.siteDirectory);
    if (domain?.hostedZone) pointDomain(this, distribution, domain.name, domain.hostedZone);

    // For the reason in `#pinExports` of the data stack. With a domain, no stack uses the distribution's own name.
    for (const value of [this.httpApi.ref, this.socketApi.ref, distribution.distributionDomainName]) {
      this.exportValue(value);
    }

    const host = domain?.name ?? distribution.distributionDomainName;
    this.publicUrl = `https://${host}`;
    new CfnOutput(this, 'Url', { value: this.publicUrl, description: 'Pages, documents and HTTP API' });
    new CfnOutput(this, 'SocketUrl', { value: `wss://${host}${socketPath}`, description: 'WebSocket' });
    new CfnOutput(this, 'HttpApiUrl', {
      value: `https://${this.executeApiHost(this.httpApi.ref)}`,
      description: 'HTTP API without the distribution, for diagnosis. The setting onlyThroughDistribution closes it',
    });
    new CfnOutput(this, 'DistributionDomainName', { value: distribution.distributionDomainName });
  }

  private executeApiHost(apiId: string): string {
    return `${apiId}.execute-api.${this.region}.${this.urlSuffix}`;
  }
}

function httpApi(stack: Stack, stage: Stage): CfnApi {
  const { allowedOrigins } = stage.settings;
  return new CfnApi(stack, 'HttpApi', {
    name: `${stage.prefix}-http`,
    protocolType: 'HTTP',
    // The distribution uses this endpoint.
    disableExecuteApiEndpoint: false,
    ...(allowedOrigins.length > 0 && {
      corsConfiguration: {
        allowOrigins: allowedOrigins,
        allowMethods: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'],
        allowHeaders: ['authorization', 'content-type'],
        exposeHeaders: ['allow', 'date', 'retry-after', 'www-authenticate', 'x-request-id'],
        // Tokens are never in a cookie.
        allowCredentials: false,
        maxAge: 600,
      },
    }),
  });
}

function pointDomain(
  stack: Stack,
  distribution: Distribution,
  name: string,
  hostedZone: { readonly id: string; readonly name: string },
): void {
  const zone = HostedZone.fromHostedZoneAttributes(stack, 'Zone', {
    hostedZoneId: hostedZone.id,
    zoneName: hostedZone.name,
  });
  const record = { zone, recordName: `${name}.`, target: RecordTarget.fromAlias(new CloudFrontTarget(distribution)) };
  new ARecord(stack, 'Address', record);
  new AaaaRecord(stack, 'AddressV6', record);
}
