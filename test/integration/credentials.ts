import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Assembly, Resource, ServiceRequest, ServiceResponse } from '../../local/contract.ts';
import { Identities } from '../../local/endpoint/identities.ts';
import { RunClock } from '../../local/run-clock.ts';
import { stsService } from '../../local/services/sts-service.ts';

/** For code in the test's own process. */
export const tenantRoleArn = 'arn:aws:iam::000000000000:role/tenant-role';

/** For code in the test's own process. IAM does not check its calls. */
export function credentials(): (form: string) => Promise<ServiceResponse> {
  const role: Resource = {
    stack: 'test',
    logicalId: 'TenantRole',
    type: 'AWS::IAM::Role',
    properties: {},
    physicalId: 'tenant-role',
    arn: tenantRoleArn,
  };
  const assembly: Assembly = {
    directory: '',
    region: 'local',
    accountId: '000000000000',
    resources: [role],
    outputs: {},
    ofType: (type) => (type === role.type ? [role] : []),
    byArn: () => undefined,
    asset: () => undefined,
  };
  const service = stsService(assembly, new Identities(new RunClock()));
  return async (form) => {
    const input = Object.fromEntries(new URLSearchParams(form));
    return service({ operation: input['Action'], input } as unknown as ServiceRequest);
  };
}

export async function startCredentialsService(): Promise<{ readonly url: string; stop(): Promise<void> }> {
  const answerTo = credentials();
  const server = createServer((incoming, outgoing) => {
    const chunks: Buffer[] = [];
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
    incoming.on('end', () => {
      void answerTo(Buffer.concat(chunks).toString()).then(({ status, headers, body }) =>
        outgoing.writeHead(status, headers).end(body),
      );
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stop: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
