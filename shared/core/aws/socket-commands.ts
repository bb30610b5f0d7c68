import { AwsOperation } from './aws-operation.ts';
import { percentEncoded } from './signature.ts';

/** https://docs.aws.amazon.com/apigatewaymanagementapi/latest/api/API_PostToConnection.html */
export class PostToConnectionCommand extends AwsOperation<undefined> {
  constructor({ ConnectionId, Data }: { readonly ConnectionId: string; readonly Data: Uint8Array }) {
    const headers = { 'content-type': 'application/octet-stream' };
    const request = { method: 'POST', path: pathOf(ConnectionId), headers, body: Data } as const;
    super('execute-api', 'PostToConnection', request, () => undefined);
  }
}

/** https://docs.aws.amazon.com/apigatewaymanagementapi/latest/api/API_DeleteConnection.html */
export class DeleteConnectionCommand extends AwsOperation<undefined> {
  constructor({ ConnectionId }: { readonly ConnectionId: string }) {
    const request = { method: 'DELETE', path: pathOf(ConnectionId), headers: {}, body: '' } as const;
    super('execute-api', 'DeleteConnection', request, () => undefined);
  }
}

/** Connection ids contain `=`. */
function pathOf(connectionId: string): string {
  return `/@connections/${percentEncoded(connectionId)}`;
}
