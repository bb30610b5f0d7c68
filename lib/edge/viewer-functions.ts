import { edgeHeaders } from '../../shared/core/runtime/config.ts';

/**
 * CloudFront Functions, which run on each viewer request.
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
 * Overwrites any address that the caller claims. API Gateway answers a request without `Authorization` with its own
 * body instead of a problem document, so this adds the header.
 * https://repost.aws/knowledge-center/api-gateway-401-error-lambda-authorizer
 */
export const callApi = `function handler(event) {
  const headers = event.request.headers;
  headers['${edgeHeaders.address}'] = { value: event.viewer.ip };
  if (!headers['authorization'] || headers['authorization'].value === '') headers['authorization'] = { value: 'none' };
  return event.request;
}
`;

/** The origin's path is already the stage. */
export const openSocket = `function handler(event) {
  event.request.headers['${edgeHeaders.address}'] = { value: event.viewer.ip };
  event.request.uri = '/';
  return event.request;
}
`;
