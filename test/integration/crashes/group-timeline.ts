import { ask, type CrashWorld } from './crash-world.ts';

export const groupPath = ({ group }: CrashWorld, rest = '') => `/api/v1/conversations/${group}${rest}`;

interface SystemMessage {
  readonly kind: string;
  readonly userIds?: readonly string[];
}

export async function systemMessagesOf(world: CrashWorld, userId: string): Promise<readonly string[]> {
  const answer = await ask(world, world.alice, 'GET', groupPath(world, '/messages?limit=10'));
  return (answer.body.items as { readonly system?: SystemMessage }[])
    .flatMap(({ system }) => (system?.userIds?.includes(userId) === true ? [system.kind] : []))
    .reverse();
}

export async function participantsOf(world: CrashWorld): Promise<readonly string[]> {
  const answer = await ask(world, world.alice, 'GET', groupPath(world));
  return (answer.body.participants as { readonly userId: string }[]).map(({ userId }) => userId);
}
