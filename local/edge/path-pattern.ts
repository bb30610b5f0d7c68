/**
 * Converts a behaviour's path pattern into a regular expression. `*` matches any characters, `?` one character. The
 * slash at the front may be missing.
 * https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/DownloadDistValuesCacheBehavior.html#DownloadDistValuesPathPattern
 */
export function pathPattern(pattern: string): RegExp {
  const path = pattern.startsWith('/') || pattern.startsWith('*') ? pattern : `/${pattern}`;
  const source = path
    .replaceAll(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${source}$`, 's');
}
