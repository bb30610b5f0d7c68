import type { Assembly, Service } from '../contract.ts';
import { textOf } from '../text-of.ts';
import { queryResponse, ServiceError, xmlText } from './responses.ts';

const namespace = 'http://cloudformation.amazonaws.com/doc/2010-05-15/';

/**
 * Lets tools read stack outputs, as on AWS, with local addresses.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_DescribeStacks.html
 */
export function stackService(assembly: Assembly, rewrite: (value: string) => string): Service {
  const started = new Date().toISOString();
  return async ({ operation, input }) => {
    switch (operation) {
      case 'DescribeStacks': {
        const wanted = textOf(input['StackName']);
        const names = Object.keys(assembly.outputs).filter(
          (name) => wanted === '' || name === wanted || wanted.includes(`:stack/${name}/`),
        );
        if (names.length === 0) {
          throw new ServiceError('ValidationError', `Stack with id ${wanted} does not exist`);
        }
        const members = names.map((name) => describeStack(assembly, name, started, rewrite));
        return queryResponse(operation, namespace, `<Stacks>${members.join('')}</Stacks>`);
      }
      case 'DescribeStackResources':
      case 'ListStackResources': {
        const wanted = textOf(input['StackName']);
        const members = assembly.resources
          .filter((resource) => resource.stack === wanted)
          .map(
            (resource) =>
              `<member><LogicalResourceId>${resource.logicalId}</LogicalResourceId>` +
              `<PhysicalResourceId>${xmlText(resource.physicalId)}</PhysicalResourceId>` +
              `<ResourceType>${resource.type}</ResourceType><ResourceStatus>CREATE_COMPLETE</ResourceStatus>` +
              `<Timestamp>${started}</Timestamp><LastUpdatedTimestamp>${started}</LastUpdatedTimestamp></member>`,
          );
        const list = operation === 'ListStackResources' ? 'StackResourceSummaries' : 'StackResources';
        return queryResponse(operation, namespace, `<${list}>${members.join('')}</${list}>`);
      }
      default:
        throw new ServiceError('InvalidAction', `The local run does not support cloudformation:${operation}.`);
    }
  };
}

function describeStack(assembly: Assembly, name: string, started: string, rewrite: (value: string) => string): string {
  const id = `arn:aws:cloudformation:${assembly.region}:${assembly.accountId}:stack/${name}/local`;
  const outputs = Object.entries(assembly.outputs[name] ?? {}).map(
    ([key, value]) =>
      `<member><OutputKey>${key}</OutputKey><OutputValue>${xmlText(rewrite(value))}</OutputValue></member>`,
  );
  return (
    `<member><StackName>${name}</StackName><StackId>${id}</StackId><CreationTime>${started}</CreationTime>` +
    `<StackStatus>CREATE_COMPLETE</StackStatus><Outputs>${outputs.join('')}</Outputs></member>`
  );
}
