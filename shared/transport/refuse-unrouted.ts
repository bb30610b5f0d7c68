import { methodNotAllowed } from '../contract/health/problems.ts';
import { notFound } from '../contract/problems.ts';
import { type Refusal, refuse } from '../core/refusal.ts';
import methodsByPath from './methods-by-path.json' with { type: 'json' };

const paths = Object.entries(methodsByPath).map(([path, methods]) => ({ segments: path.split('/'), methods }));

/**
 * Refuses a path that does not exist, or supports only other methods. API Gateway does not answer 405. `npm run
 * documents` writes `methods-by-path.json`.
 */
export function refuseUnrouted(method: string, path: string): Refusal {
  const segments = path.split('/');
  const methods = paths.find((candidate) => matches(candidate.segments, segments))?.methods;
  if (methods === undefined || methods.split(', ').includes(method)) return refuse(notFound);
  return refuse(methodNotAllowed, { detail: `${path.slice(0, 100)} supports ${methods}.`, allow: methods });
}

function matches(pattern: readonly string[], segments: readonly string[]): boolean {
  return (
    pattern.length === segments.length &&
    pattern.every((segment, index) => (segment.startsWith('{') ? segments[index] !== '' : segments[index] === segment))
  );
}
