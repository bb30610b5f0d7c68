import { sentencesOf } from './passage.ts';
import type { PassageKind, Span } from './passage.ts';
import { subjectProblem } from './commit-subject.ts';
import { startsWithVerb } from './test-name.ts';

export interface ProseRule {
  readonly name: string;
  readonly kinds: readonly PassageKind[];
  /** Returns violations. Code in `prose` is masked. */
  readonly find: (prose: string) => readonly Span[];
  readonly fix: string;
  /** Accepted words. */
  readonly allowed?: string;
  readonly breaks: readonly string[];
  readonly passes: readonly string[];
}

const sentences: readonly PassageKind[] = ['comment', 'markdown', 'contract', 'cli'];
const everywhere: readonly PassageKind[] = [...sentences, 'heading', 'test-name', 'group-title', 'commit'];

function words(pattern: RegExp): ProseRule['find'] {
  return (prose) => [...prose.matchAll(pattern)].map(({ index, 0: text }) => ({ start: index, text }));
}

function sentencesThat(breakTheRule: (sentence: string) => boolean): ProseRule['find'] {
  return (prose) => sentencesOf(prose).filter(({ text }) => breakTheRule(text));
}

function wordCount(text: string): number {
  return text.match(/\S*[\p{L}\p{N}]\S*/gu)?.length ?? 0;
}

/** Excludes paths, identifiers and compounds. */
function name(pattern: string): RegExp {
  return new RegExp(String.raw`(?<![\w/.-])(?:${pattern})(?![\w/-]|\.\w)`, 'gi');
}

function retired(old: string, replacement: string, example: string): ProseRule {
  return {
    name: 'retired-name',
    kinds: everywhere,
    find: words(name(old)),
    fix: replacement,
    allowed: 'the name in code, in a path and in a link to a file',
    breaks: [example],
    passes: [`Read \`${example}\``, 'See shared/table/realm.ts and project-log.ts.'],
  };
}

const relatives = /^["“‘([*_]*(?:Who|Whom|Whoever|Whose|What|Whatever|Which|Whichever)\b(?!['’]s\b)/;
/** “That” before a noun. The pronoun comes before a verb. */
const conjunction =
  /^["“‘([*_]*That (?:an?|the|its?|they|he|she|we|you|there|these|those|no|nobody|somebody|everybody|every|each|all|some|any|their|our|his|her|only|nothing|what|who|neither|both|two) /;
const concession = /^(?:Whatever|Whichever) [^,]+,/;

export const proseRules: readonly ProseRule[] = [
  {
    name: 'free-relative',
    kinds: sentences,
    find: sentencesThat(
      (text) =>
        (relatives.test(text) || conjunction.test(text)) &&
        !/\?["”’)*_]*$/.test(text) &&
        !concession.test(text) &&
        wordCount(text) > 2,
    ),
    fix: 'name the actor first: subject, verb, object',
    allowed: 'questions, headings, “What’s”, “Whatever the order, …” and the pronoun in “That costs one read.”',
    breaks: ['What was written is the projector’s to tell.', 'Slow. That somebody takes no part is not decided here.'],
    passes: ['What does it cost?', 'Whatever the order, one wins.', 'That costs one read.', 'It knows what was sent.'],
  },
  {
    name: 'anew',
    kinds: everywhere,
    find: words(/\banew\b/gi),
    fix: 'again, or the verb: rewrite, recreate, restart',
    breaks: ['Write the message anew.'],
    passes: ['Write the message again.', 'A newcomer reads it.'],
  },
  {
    name: 'nobody-somebody',
    kinds: everywhere,
    find: words(/\b(?:nobody|somebody)\b/gi),
    fix: 'name the actor: no user, no client, a participant, the caller',
    breaks: ['Nobody reads it.', 'Talk to somebody.'],
    passes: ['No user reads it.', 'Everybody reads it.'],
  },
  {
    name: 'article-own',
    kinds: everywhere,
    find: words(/\b(?:an|the) own\b/gi),
    fix: 'your own, its own, a separate',
    breaks: ['Edit an own message.', 'Get the own profile.'],
    passes: ['Edit your own message.', 'The owner edits it.', 'It has a key of its own.'],
  },
  {
    name: 'tell',
    kinds: everywhere,
    find: words(
      /\b(?:(?:is|are|was|were|be|been|being|gets?) told|tells? (?:of|that|whether|who|what|which|how|nobody|(?:the )?\w+ (?:that|of|whether|what|who))|hears? (?:of|from|about|that|nothing))\b/gi,
    ),
    fix: 'announce, notify, send, report, receive',
    allowed: '“tells A from B” and “tells them apart”',
    breaks: ['The client is told.', 'A frame tells that a user left.', 'Devices hear from the stream.'],
    passes: ['The id tells copies from originals.', 'The projector announces the change.'],
  },
  {
    name: 'look-lie-stand',
    kinds: everywhere,
    find: words(
      /\b(?:(?:is|are|was|were|be|been|being) looked at|l(?:ies|ie|ay) (?:in|on|at|under|behind|between|with)|stands? (?:in(?! for)|at|on|there|behind|above|below|beside))\b/gi,
    ),
    fix: 'examine, read, check; is in, is stored, is behind, exists',
    allowed: '“stands for”, “stands in for” and “stands alone”',
    breaks: ['The upload is looked at.', 'Keys lie in a table.', 'The text stands there.'],
    passes: [
      'Keys are in a table.',
      'A stub stands in for KMS.',
      'The letter stands for a kind.',
      'Look at the dashboard.',
    ],
  },
  {
    name: 'chain',
    kinds: sentences,
    find: sentencesThat((text) => text.includes(';') && wordCount(text) > 30),
    fix: 'end the sentence at the semicolon: one fact to a sentence',
    breaks: [`${'word '.repeat(20)}; ${'word '.repeat(11)}.`],
    passes: [`${'word '.repeat(15)}; ${'word '.repeat(10)}.`, `${'word '.repeat(35)}.`],
  },
  {
    name: 'long-sentence',
    kinds: ['comment', 'markdown'],
    find: sentencesThat((text) => wordCount(text) > 40),
    fix: 'divide it: at most 40 words',
    breaks: ['word '.repeat(41)],
    passes: ['word '.repeat(40), `${'word '.repeat(30)}end. ${'Word '.repeat(30)}`],
  },
  {
    name: 'test-name',
    kinds: ['test-name'],
    find: (prose) => (startsWithVerb(prose) ? [] : [{ start: 0, text: prose }]),
    fix: 'begin with a third-person verb: rejects … when …',
    allowed: 'a placeholder (`%s`, `$name`) before the verb; adverbs such as “never” and “still” before it',
    breaks: ['that nothing is lost', 'are kept', 'take one slot', 'the sender', 'throws', 'words of a text'],
    passes: ['rejects a second send', 'never loses a message', '%s leads to files', 'does nothing', 'cannot be read'],
  },
  {
    name: 'commit-subject',
    kinds: ['commit'],
    find: (subject) => (subjectProblem(subject) === undefined ? [] : [{ start: 0, text: subject }]),
    fix: '`area: Verb object`: imperative, capitalised, at most 72 characters, no full stop',
    allowed: '`Revert "…"`, as git writes it',
    breaks: [
      'Move files',
      'core: move files',
      'core: Move files.',
      'core: Moves files',
      'core: Files are moved',
      `core: Move ${'x'.repeat(66)}`,
    ],
    passes: ['core: Move files', 'local run, bench: Process frames in order', 'Revert "core: Move files"'],
  },
  retired('realms?', 'keyspace', 'A realm has one prefix.'),
  retired('stems?|stemming', 'prefix', 'The stem of a word.'),
  retired('accessions?', 'seniority', 'The order of accession.'),
  retired('heirs?', 'next admin', 'The heir becomes admin.'),
  retired('sharers?', 'contacts', 'Every sharer sees it.'),
  retired('close circles?', 'presence audience', 'The close circle sees it.'),
  retired('project-log', 'stream-projector', 'The function project-log writes it.'),
  retired('byStanding', 'bySeniority', 'Sorted by byStanding.'),
  retired('read-on', 'retry', 'A read-on follows.'),
  retired("window of the log|log[’']s window|log window", 'log tail', 'The window of the log.'),
  retired('stretch of|stretches of', 'range of', 'A stretch of positions.'),
];
