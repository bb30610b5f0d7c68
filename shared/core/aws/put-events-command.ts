import { JsonOperation } from './aws-operation.ts';

interface EventEntry {
  readonly EventBusName: string;
  readonly Source: string;
  readonly DetailType: string;
  readonly Detail: string;
  readonly Time: Date;
}

/** One for each entry, in their order. An entry without a code was accepted. */
type EntryResults = readonly { readonly ErrorCode?: string }[];

/** https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEvents.html */
export class PutEventsCommand extends JsonOperation<{ readonly Entries: EntryResults }> {
  constructor({ Entries }: { readonly Entries: readonly EventEntry[] }) {
    // JSON protocols have times in seconds.
    const entries = Entries.map((entry) => ({ ...entry, Time: entry.Time.getTime() / 1000 }));
    super('events', 'PutEvents', { Entries: entries }, ({ Entries: results = [] }) => ({
      Entries: results as EntryResults,
    }));
  }
}
