import { edgeHeaders } from '../../shared/core/runtime/config.ts';

/**
 * CloudFront Functions (runtime 2.0). They run on each viewer request of their behaviours.
 * https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/functions-javascript-runtime-20.html
 */

/** S3 has no folders, so `/docs` and `/docs/` become `/docs/index.html`. */
export const servePage = `function handler(event) {
  const request = event.request;
  const name = request.uri.slice(request.uri.lastIndexOf('/') + 1);
  if (name === '') request.uri += 'index.html';
  else if (!name.includes('.')) request.uri += '/index.html';
  return request;
}
`;

/**
 * Replaces any address that the caller claims with the viewer's address. Adds an `Authorization` header to requests
 * without one: if it is missing or empty, API Gateway answers with its own body instead of a problem document.
 * https://repost.aws/knowledge-center/api-gateway-401-error-lambda-authorizer
 */
export const callApi = `function handler(event) {
  const headers = event.request.headers;
  headers['${edgeHeaders.address}'] = { value: event.viewer.ip };
  if (!headers['authorization'] || headers['authorization'].value === '') headers['authorization'] = { value: 'none' };
  return event.request;
}
`;

/** The origin's path is already the stage, and a WebSocket API has no paths below it. */
export const openSocket = `function handler(event) {
  event.request.headers['${edgeHeaders.address}'] = { value: event.viewer.ip };
  event.request.uri = '/';
  return event.request;
}
`;
