import { edgeHeaders } from '../../shared/core/runtime/config.ts';

/**
 * CloudFront Functions (runtime 2.0), run on each viewer request of the behaviours that name them.
 * https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/functions-javascript-runtime-20.html
 */

/** S3 knows objects, not folders: `/docs` and `/docs/` mean `/docs/index.html`. */
export const servePage = `function handler(event) {
  const request = event.request;
  const name = request.uri.slice(request.uri.lastIndexOf('/') + 1);
  if (name === '') request.uri += 'index.html';
  else if (!name.includes('.')) request.uri += '/index.html';
  return request;
}
`;

/**
 * Puts the caller's address in place of whatever the caller claims. A request without credentials gets a header all the
 * same: if it is missing or empty, API Gateway answers with its own body; with it, the request reaches the authorizer
 * and gets a problem document. https://repost.aws/knowledge-center/api-gateway-401-error-lambda-authorizer
 */
export const callApi = `function handler(event) {
  const headers = event.request.headers;
  headers['${edgeHeaders.address}'] = { value: event.viewer.ip };
  if (!headers['authorization'] || headers['authorization'].value === '') headers['authorization'] = { value: 'none' };
  return event.request;
}
`;

/** The stage is the origin's path already; a WebSocket API knows no path below it. */
export const openSocket = `function handler(event) {
  event.request.headers['${edgeHeaders.address}'] = { value: event.viewer.ip };
  event.request.uri = '/';
  return event.request;
}
`;
