/**
 * Turns a behaviour's path pattern into a regular expression: `*` stands for any characters, `?` for one; patterns are
 * case-sensitive and may lack the slash at the front
 * (https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/DownloadDistValuesCacheBehavior.html#DownloadDistValuesPathPattern).
 */
export function pathPattern(pattern: string): RegExp {
  const path = pattern.startsWith('/') || pattern.startsWith('*') ? pattern : `/${pattern}`;
  const source = path
    .replaceAll(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${source}$`, 's');
}
