import type { Opening } from './routing-rules.ts';

const time = (at: number) => new Date(at).toISOString().slice(11, 16);

/** The conversation that the incidents beyond the limit of a window share. Nothing ends it but a person. */
export function stormOpening(
  name: string,
  { rule, priority, tags, teamId }: Opening,
  { from, to }: { readonly from: number; readonly to: number },
): Opening {
  return {
    ...{ rule, priority, tags, close: 'post-only' },
    ...(teamId === undefined ? {} : { teamId }),
    subject: `More incidents from ${name}, ${time(from)} UTC`,
    message: `${name} reports more incidents than the service opens conversations for. The others are counted here after ${time(to)} UTC, and listed with the deliveries of the source.`,
    incidentId: `storm-${new Date(from).toISOString()}`,
    metadata: {},
  };
}
