import { ulid } from 'ulid';
import { expect } from 'vitest';
import type { OperationWalk, WalkScene } from '../iam/walk-scene.ts';
import { newUser } from '../iam/walker.ts';
import { password } from '../people.ts';
import { signIn, type SignedIn } from '../raw-client.ts';
import { newMessage } from '../system/new-message.ts';
import { bringOnline, newTeam, startSupport } from './desk-calls.ts';

export interface WalkedDesk {
  /** Online, in `team`. */
  readonly agent: SignedIn;
  readonly team: string;
  readonly customer: SignedIn;
  /** Starts a conversation of the team. The agent gets it, unless it needs other skills. */
  readonly start: (fields?: object) => Promise<string>;
}

const desks = new WeakMap<WalkScene, Promise<WalkedDesk>>();

/** The desk of a walk, created on first use. */
export function deskOfWalk(scene: WalkScene): Promise<WalkedDesk> {
  const known = desks.get(scene);
  if (known !== undefined) return known;
  const created = newDesk(scene);
  desks.set(scene, created);
  return created;
}

async function newDesk(scene: WalkScene): Promise<WalkedDesk> {
  const { walker } = scene;
  const { test, admin, cast } = walker;
  const [{ email }, customer] = await Promise.all([newUser(walker, true, 'agent'), scene.session()]);
  const agent = await signIn(test.url, cast.slug, email, password);
  const team = await newTeam(test, admin, `Team ${ulid()}`);
  await bringOnline(test, admin, agent, { teams: [team] });
  return { agent, team, customer, start: (fields = {}) => startSupport(test, customer, { teamId: team, ...fields }) };
}

/** Moves a conversation to another team. */
export const movesToTeam: OperationWalk = async (scene) => {
  const { admin, test } = scene.walker;
  const { start } = await deskOfWalk(scene);
  const [id, teamId] = [await start(), await newTeam(test, admin, `Team ${ulid()}`)];
  await scene.answer(200, 'PATCH', `/api/v1/conversations/${id}`, admin, { teamId });
  await closed(scene, id);
};

/** Opens a conversation of a team again by a message of its customer. */
export const reopensByMessage: OperationWalk = async (scene) => {
  const { customer } = await deskOfWalk(scene);
  const id = await resolved(scene);
  await scene.answer(201, 'POST', `/api/v1/conversations/${id}/messages`, customer, newMessage());
  await closed(scene, id);
};

export const reopensByFrame: OperationWalk = async (scene) => {
  const { customer } = await deskOfWalk(scene);
  const id = await resolved(scene);
  const socket = await scene.connect(customer);
  const answer = await scene.request(socket, 'message.send', { conversationId: id, ...newMessage() });
  expect(answer.type).toBe('ack');
  await closed(scene, id);
};

async function resolved(scene: WalkScene): Promise<string> {
  const { agent, start } = await deskOfWalk(scene);
  const path = `/api/v1/conversations/${await start()}`;
  await scene.answer(200, 'POST', `${path}/assign`, agent, { agentId: 'me', takeOver: true });
  const { id } = await scene.answer(200, 'POST', `${path}/resolve`, agent);
  return id as string;
}

async function closed(scene: WalkScene, id: string): Promise<void> {
  await scene.answer(200, 'POST', `/api/v1/conversations/${id}/close`, scene.walker.admin);
}
