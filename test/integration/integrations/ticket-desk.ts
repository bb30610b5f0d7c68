import type { OwnTestRun } from '../harness.ts';
import { type Desk, deskOf } from '../desk/desk-people.ts';
import { succeed } from '../desk/desk-calls.ts';

export interface Integration {
  readonly id: string;
  readonly secret: string;
}

export const serviceNowSystem = {
  kind: 'service-now',
  url: 'https://service-now.far-side.example',
  auth: { type: 'basic', username: 'switchboard', password: 'switchboard' },
} as const;
export const jiraSystem = {
  kind: 'jira',
  url: 'https://jira.far-side.example',
  serviceDeskId: '4',
  requestTypeId: '27',
  auth: { type: 'basic', username: 'bot@example.com', password: 'switchboard' },
} as const;

export async function integrationOf(
  test: OwnTestRun,
  { admin }: Pick<Desk, 'admin'>,
  system: object,
  rules: object = {},
): Promise<Integration> {
  // Functions know for 30 seconds that the tenant has no integration.
  const created = await succeed(test, admin, 'POST', '/admin/integrations', { name: 'Service desk', system, rules });
  await test.run.timers.advance(31_000);
  return { id: created.integration.id as string, secret: created.inboundSecret as string };
}

/** Moves the clock until nothing is due within the given time. */
export async function letTimePass(test: OwnTestRun, ms: number): Promise<void> {
  const stepMs = 30_000;
  await test.run.settled();
  for (let passed = 0; passed < ms; passed += stepMs) {
    await test.run.timers.advance(Math.min(stepMs, ms - passed));
    await test.run.settled();
  }
}

export async function ticketDesk(test: OwnTestRun, name: string): Promise<Desk> {
  return deskOf(test, name);
}

/** The texts of comments without the marks of the service, one for each line of the chat. */
export function linesOf(comments: readonly string[]): readonly string[] {
  return comments.flatMap((text) => text.split('\n').filter((line) => line !== '' && !/^\[sb-[0-9a-z]+-\d+\]$/.test(line)));
}
