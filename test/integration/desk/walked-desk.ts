import { ulid } from 'ulid';
import type { WalkScene } from '../iam/walk-scene.ts';
import { newUser } from '../iam/walker.ts';
import { password } from '../people.ts';
import { signIn, type SignedIn } from '../raw-client.ts';
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
