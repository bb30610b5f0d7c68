import { execFileSync } from 'node:child_process';

/** This and earlier commits are not checked. */
const baseCommit = '72c992bf99ba67f2c6ab937ba0bf70366641a293';

const imperatives =
  /^(?:Pass|Bypass|Address|Access|Process|Discuss|Guess|Focus|Bias|Compress|Express|Suppress|Stress|Dismiss|Miss|Cross|Press|Need|Embed|Feed|Seed|Speed|Shed|Spread|Bring|String|Ping|Sing)$/;
const noVerbs =
  /^(?:A|An|The|This|That|These|Those|It|They|We|You|Who|What|Which|Whatever|Whoever|No|Nothing|Nobody|Every|Each|All|Some|Any|One|Two|More|Less|With|Without|When|Where|If|For|From|In|On|At|By|To|Of|As|And|Only|Also|Now|New|Not)$/;

/** `area: Verb object`. */
export function subjectProblem(subject: string): string | undefined {
  if (subject.startsWith('Revert "')) return undefined;
  if (subject.length > 72) return `has ${subject.length} characters`;
  if (subject.endsWith('.')) return 'ends with a full stop';
  const verb = /^[a-z][\w ,./-]*: ([A-Z][\w-]*)/.exec(subject)?.[1];
  if (verb === undefined) return 'does not have the form “area: Verb object”';
  if (imperatives.test(verb)) return undefined;
  return noVerbs.test(verb) || /(?:s|ed|ing)$/.test(verb) ? `does not begin with an imperative: ${verb}` : undefined;
}

/** Empty without git or the base commit, as in a shallow clone. */
export function subjectsSinceBase(root: string): readonly { readonly commit: string; readonly subject: string }[] {
  try {
    const range = `${baseCommit}..HEAD`;
    const log = execFileSync('git', ['log', '--no-merges', '--format=%h%x09%s', range], {
      cwd: root,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    return log
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => ({ commit: line.split('\t')[0] ?? '', subject: line.slice(line.indexOf('\t') + 1) }));
  } catch {
    return [];
  }
}
