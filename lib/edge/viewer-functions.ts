import { unsubscribe } from '../../shared/contract/mail/unsubscribe.ts';
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
 *
 * Browsers and programs that check links get a page that asks before it unsubscribes. Mail programs post.
 * https://datatracker.ietf.org/doc/html/rfc8058#section-3.2
 */
export const callApi = `function handler(event) {
  const { headers, method, uri, querystring } = event.request;
  if (uri === '${unsubscribe.path}' && (method === 'GET' || method === 'HEAD')) {
    const token = querystring.token ? querystring.token.value : '';
    const location = { value: '/unsubscribe#token=' + token.replace(/[^A-Za-z0-9._-]/g, '') };
    return { statusCode: 302, statusDescription: 'Found', headers: { location, 'cache-control': { value: 'no-store' } } };
  }
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
