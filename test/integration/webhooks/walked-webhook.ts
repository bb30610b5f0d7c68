import type { WalkScene } from '../iam/walk-scene.ts';
import { succeed } from '../desk/desk-calls.ts';
import { announce, newWebhook, quietTypes, usedWebhook } from './webhook-calls.ts';

/** One webhook for all walks: a tenant can have 20. */
export async function walkedWebhook({ walker: { test, admin } }: WalkScene): Promise<string> {
  const { items } = await succeed(test, admin, 'GET', '/admin/webhooks');
  const [existing] = items as readonly { readonly id: string }[];
  return existing?.id ?? (await newWebhook(test, admin, 'walked', quietTypes)).id;
}

export async function walkedDelivery(scene: WalkScene): Promise<Awaited<ReturnType<typeof usedWebhook>>> {
  const { test, admin } = scene.walker;
  const webhook = await walkedWebhook(scene);
  const [delivery] = await announce(test, admin, webhook);
  return delivery === undefined ? usedWebhook(test, admin, 'walked') : { webhook, delivery };
}
