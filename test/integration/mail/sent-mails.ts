import type { TestRun } from '../harness.ts';

export interface SentMail {
  readonly to: readonly string[];
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  readonly configurationSet?: string;
  readonly tags?: { readonly tenant?: string; readonly kind?: string };
  readonly headers?: readonly { readonly Name: string; readonly Value: string }[];
}

/** The mails of a tenant of one kind, oldest first. */
export function mailsOf(test: TestRun, tenantId: string, kind: string): readonly SentMail[] {
  const mails = test.run.recorder.sinks('mail') as unknown as readonly SentMail[];
  return mails.filter(({ tags }) => tags?.tenant === tenantId && tags.kind === kind);
}

export function recipientsOf(mails: readonly SentMail[]): readonly string[] {
  return mails.flatMap(({ to }) => to).toSorted();
}
